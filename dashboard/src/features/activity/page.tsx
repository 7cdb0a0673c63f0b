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
import { AuditRecords, operationName } from './records';

/** The service looks back so far, and at so many days at once. */
const KEPT_DAYS = 90;
const SPAN_DAYS = 30;
const DAY_MS = 86_400_000;

const day = (time: number) => new Date(time).toISOString().slice(0, 10);
const FIELDS: readonly AuditField[] = ['OperationType', 'Actor', 'CompanyName'];

function queryOf(parameters: URLSearchParams): Required<Pick<AuditQuery, 'from' | 'to'>> & AuditQuery {
  const field = FIELDS.find((name) => parameters.has(name));
  return {
    from: parameters.get('from') ?? day(Date.now() - (SPAN_DAYS - 1) * DAY_MS),
    to: parameters.get('to') ?? day(Date.now()),
    ...(field && { field, value: parameters.get(field) ?? '' }),
  };
}

export default function ActivityPage({ parameters }: { parameters: URLSearchParams }) {
  const queries = useQueryClient();
  const query = queryOf(parameters);
  const [form, setForm] = useState(query);
  // Back and forward change the address, too.
  const address = parameters.toString();
  useEffect(() => setForm(queryOf(new URLSearchParams(address))), [address]);
  const field = form.field ?? 'OperationType';
  const change = (next: Partial<AuditQuery>) => setForm({ ...form, ...next });

  const show = (event: FormEvent) => {
    event.preventDefault();
    const wanted = new URLSearchParams({ from: form.from, to: form.to });
    if (form.value) wanted.set(field, form.value);
    navigate(`/activity?${wanted}`);
    // Who asks wants to see what is there now.
    void queries.invalidateQueries({ queryKey: auditKeys.all });
  };

  return (
    <>
      <h1>{t('activity.title')}</h1>
      <form className="form" onSubmit={show}>
        <Field label={t('activity.from')} hint={t('activity.span', { days: SPAN_DAYS })}>
          <Input type="date" min={day(Date.now() - KEPT_DAYS * DAY_MS)} value={form.from} onChange={(_, { value }) => change({ from: value })} />
        </Field>
        <Field label={t('activity.to')}>
          <Input type="date" value={form.to} onChange={(_, { value }) => change({ to: value })} />
        </Field>
        <Field label={t('activity.by')}>
          <Select value={field} onChange={(_, { value }) => change({ field: value as AuditField, value: '' })}>
            <option value="OperationType">{t('activity.kind')}</option>
            <option value="Actor">{t('activity.actor')}</option>
            <option value="CompanyName">{t('activity.customer')}</option>
          </Select>
        </Field>
        <Field label={t(field === 'OperationType' ? 'activity.kind' : field === 'Actor' ? 'activity.actor' : 'activity.customer')}>
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
