/** What two people changed in one profile, side by side; the user chooses what is kept. */
import { Radio, RadioGroup } from '@fluentui/react-radio';
import { useEffect, useRef } from 'react';
import { countryName, t } from '../../app/messages';
import { Table } from '../../components/table';
import type { Conflict } from './conflict';
import { valuesOf } from './conflict';
import type { Values } from './fields';
import { BILLING_FIELDS, COUNTRY } from './fields';

export const shown = (path: string, value: string) => (path === COUNTRY && value ? countryName(value) : value);

interface Props {
  readonly conflict: Conflict;
  /** What the user began with, and has now. */
  readonly base: Values;
  readonly mine: Values;
  readonly errors: Values;
  readonly onChange: (conflict: Conflict) => void;
}

export function Sides({ conflict, base, mine, errors, onChange }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [conflict.theirs]);
  const theirs = valuesOf(conflict.theirs);
  const differing = BILLING_FIELDS.filter(({ path }) => path in conflict.choices);
  const others = BILLING_FIELDS.filter(({ path }) => errors[path] && !(path in conflict.choices));
  return (
    <section className="stack" aria-label={t('conflict.title')}>
      <h3 ref={heading} tabIndex={-1}>
        {t('conflict.title')}
      </h3>
      <p>{t('conflict.hint')}</p>
      <Table
        titles={[t('conflict.field'), t('conflict.mine'), t('conflict.theirs'), t('conflict.keep')]}
        rows={differing.map(({ path, title }) => ({
          key: path,
          cells: [
            t(title),
            <>
              {shown(path, mine[path] ?? '')} {mine[path] === base[path] && <span className="hint">({t('conflict.untouched')})</span>}
            </>,
            shown(path, theirs[path] ?? ''),
            <>
              <RadioGroup
                aria-label={t(title)}
                layout="horizontal"
                value={conflict.choices[path] ?? 'mine'}
                onChange={(_, { value }) => onChange({ ...conflict, choices: { ...conflict.choices, [path]: value as 'mine' | 'theirs' } })}
              >
                <Radio value="mine" label={t('conflict.mine')} />
                <Radio value="theirs" label={t('conflict.theirs')} />
              </RadioGroup>
              {errors[path] && (
                <div role="alert" className="wrong">
                  {errors[path]}
                </div>
              )}
            </>,
          ],
        }))}
      />
      {others.length > 0 && (
        <div role="alert" className="wrong">
          <p>{t('conflict.wrong')}</p>
          {others.map(({ path, title }) => (
            <p key={path}>
              {t(title)}: {errors[path]}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}
