import { Button } from '@fluentui/react-button';
import { Field } from '@fluentui/react-field';
import { Input } from '@fluentui/react-input';
import { Select } from '@fluentui/react-select';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { t } from '../../app/messages';
import { navigate } from '../../app/router';
import type { AuditField, AuditQuery } from './api';
import { auditKeys, OPERATIONS } from './api';
import { dayBefore, momentsOf } from './days';
import { AuditRecords, operationName } from './records';

/** The service looks back so far, and at so many days at once: in UTC, which may be a day behind. */
const KEPT_DAYS = 90;
const SPAN_DAYS = 30;
const DAY_MS = 86_400_000;

const FIELDS: readonly AuditField[] = ['OperationType', 'Actor', 'CompanyName'];

function queryOf(parameters: URLSearchParams): Required<Pick<AuditQuery, 'from' | 'to'>> & AuditQuery {
  const field = FIELDS.find((name) => parameters.has(name));
  return {
    from: parameters.get('from') ?? dayBefore(SPAN_DAYS - 2),
    to: parameters.get('to') ?? dayBefore(0),
    ...(field && { field, value: parameters.get(field) ?? '' }),
  };
}

/** What is wrong with the days, by field. */
function checkDays({ from, to }: AuditQuery): { readonly from?: string; readonly to?: string } {
  if (!from) return { from: t('form.missing') };
  if (!to) return { to: t('form.missing') };
  const moments = momentsOf(from, to);
  if (!moments) return {};
  if (moments.start >= moments.end) return { to: t('activity.order') };
  // In autumn a day has 25 hours, so that 30 of them may be too long.
  return moments.end.getTime() - moments.start.getTime() > SPAN_DAYS * DAY_MS ? { to: t('activity.span', { days: SPAN_DAYS }) } : {};
}

export default function ActivityPage({ parameters }: { parameters: URLSearchParams }) {
  const queries = useQueryClient();
  const query = queryOf(parameters);
  const [form, setForm] = useState(query);
  const [errors, setErrors] = useState<ReturnType<typeof checkDays>>({});
  // Back and forward change the address, too.
  const address = parameters.toString();
  useEffect(() => {
    setForm(queryOf(new URLSearchParams(address)));
    setErrors({});
  }, [address]);
  const field = form.field ?? 'OperationType';
  const change = (next: Partial<AuditQuery>) => setForm({ ...form, ...next });

  const show = (event: FormEvent) => {
    event.preventDefault();
    const wrong = checkDays(form);
    setErrors(wrong);
    if (wrong.from ?? wrong.to) return;
    const wanted = new URLSearchParams({ from: form.from, to: form.to });
    const value = form.value?.trim();
    if (value) wanted.set(field, value);
    navigate(`/activity?${wanted}`);
    // Who asks wants to see what is there now.
    void queries.invalidateQueries({ queryKey: auditKeys.all });
  };

  return (
    <>
      <h1>{t('activity.title')}</h1>
      <form className="form" noValidate onSubmit={show}>
        <Field label={t('activity.from')} hint={t('activity.span', { days: SPAN_DAYS })} {...(errors.from && { validationMessage: errors.from })}>
          <Input type="date" min={dayBefore(KEPT_DAYS - 1)} value={form.from} onChange={(_, { value }) => change({ from: value })} />
        </Field>
        <Field label={t('activity.to')} {...(errors.to && { validationMessage: errors.to })}>
          <Input type="date" value={form.to} onChange={(_, { value }) => change({ to: value })} />
        </Field>
        <Field label={t('activity.by')}>
          <Select value={field} onChange={(_, { value }) => change({ field: value as AuditField, value: '' })}>
            <option value="OperationType">{t('activity.kind')}</option>
            <option value="Actor">{t('activity.actor')}</option>
            <option value="CompanyName">{t('activity.customer')}</option>
          </Select>
        </Field>
        <Field
          label={t(field === 'OperationType' ? 'activity.kind' : field === 'Actor' ? 'activity.actor' : 'activity.customer')}
          {...(field === 'Actor' && { hint: t('activity.actorHint') })}
        >
          {field === 'OperationType' ? (
            <Select value={form.value ?? ''} onChange={(_, { value }) => change({ field, value })}>
              <option value="">{t('activity.any')}</option>
              {OPERATIONS.map((operation) => (
                <option key={operation} value={operation}>
                  {operationName(operation)}
                </option>
              ))}
            </Select>
          ) : (
            <Input value={form.value ?? ''} onChange={(_, { value }) => change({ field, value })} />
          )}
        </Field>
        <div className="wide">
          <Button type="submit" appearance="primary">
            {t('activity.show')}
          </Button>
        </div>
      </form>
      <AuditRecords query={query} />
    </>
  );
}
