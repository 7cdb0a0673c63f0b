/** The billing profile, and its form. What somebody else changed meanwhile is shown beside what was typed. */
import { Button } from '@fluentui/react-button';
import { Radio, RadioGroup } from '@fluentui/react-radio';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { ApiError, errorsOf } from '../../api/error';
import { may, userStore } from '../../api/session';
import { useStore } from '../../api/store';
import type { BillingProfile, Customer } from '../../api/types';
import { countryName, t } from '../../app/messages';
import { Failure } from '../../components/states';
import { Table } from '../../components/table';
import { auditKeys } from '../activity/api';
import { customerKeys } from '../customers/api';
import { CODE_STALE, fetchBilling, putBilling } from './api';
import type { Conflict } from './conflict';
import { conflictOf, settle, valuesOf } from './conflict';
import type { Values } from './fields';
import { BILLING_FIELDS, checkValues, COUNTRY, withRules, withValues } from './fields';
import { CustomerFields, useRules } from './form';

const shown = (path: string, value: string) => (path === COUNTRY && value ? countryName(value) : value);

function Sides({ conflict, mine, onChange }: { conflict: Conflict; mine: Values; onChange: (conflict: Conflict) => void }) {
  const theirs = valuesOf(conflict.theirs);
  return (
    <section className="stack" aria-label={t('conflict.title')}>
      <h3>{t('conflict.title')}</h3>
      <p>{t('conflict.hint')}</p>
      <Table
        titles={[t('conflict.field'), t('conflict.mine'), t('conflict.theirs'), t('conflict.keep')]}
        rows={BILLING_FIELDS.filter(({ path }) => path in conflict.choices).map(({ path, title }) => ({
          key: path,
          cells: [
            t(title),
            shown(path, mine[path] ?? ''),
            shown(path, theirs[path] ?? ''),
            <RadioGroup
              aria-label={t(title)}
              layout="horizontal"
              value={conflict.choices[path] ?? 'mine'}
              onChange={(_, { value }) => onChange({ ...conflict, choices: { ...conflict.choices, [path]: value as 'mine' | 'theirs' } })}
            >
              <Radio value="mine" label={t('conflict.mine')} />
              <Radio value="theirs" label={t('conflict.theirs')} />
            </RadioGroup>,
          ],
        }))}
      />
    </section>
  );
}

function BillingForm({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const queries = useQueryClient();
  const [base, setBase] = useState(customer.billingProfile);
  const [values, setValues] = useState(() => valuesOf(customer.billingProfile));
  const [conflict, setConflict] = useState<Conflict>();
  const [error, setError] = useState<unknown>();
  const [errors, setErrors] = useState<Values>({});
  const [saving, setSaving] = useState(false);
  const country = values[COUNTRY];
  const rules = useRules(country).data;
  const isNewCountry = country !== valuesOf(base)[COUNTRY];
  useEffect(() => {
    if (rules && isNewCountry) setValues((now) => withRules(now, rules));
  }, [rules, isNewCountry]);

  const onStale = async () => {
    const theirs = await fetchBilling(customer.id);
    setConflict(conflictOf(valuesOf(base), values, theirs));
  };

  const save = async () => {
    const wanted = conflict ? settle(conflict, values) : values;
    const early = rules ? checkValues(wanted, BILLING_FIELDS, rules, t('form.missing'), t('form.invalid')) : {};
    setErrors(early);
    setError(undefined);
    if (Object.keys(early).length > 0) return;
    const from = conflict?.theirs ?? base;
    const { billingProfile } = withValues({ billingProfile: from }, wanted) as { billingProfile: BillingProfile };
    setValues(wanted);
    if (conflict) setBase(conflict.theirs);
    try {
      await putBilling(customer.id, billingProfile, crypto.randomUUID());
      await queries.invalidateQueries({ queryKey: customerKeys.one(customer.id) });
      void queries.invalidateQueries({ queryKey: auditKeys.all });
      onClose();
    } catch (failure) {
      if (failure instanceof ApiError && failure.code === CODE_STALE) return onStale();
      setErrors(errorsOf(failure, BILLING_FIELDS.map(({ path }) => path)));
      setError(failure);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSaving(true);
    save()
      .catch(setError)
      .finally(() => setSaving(false));
  };

  return (
    <form className="stack" noValidate onSubmit={submit}>
      {conflict ? (
        <Sides conflict={conflict} mine={values} onChange={setConflict} />
      ) : (
        <CustomerFields fields={BILLING_FIELDS} values={values} errors={errors} rules={rules} onChange={setValues} />
      )}
      {error !== undefined && <Failure error={error} />}
      <div className="actions">
        <Button type="submit" appearance="primary" disabled={saving}>
          {t('save')}
        </Button>
        <Button onClick={() => (conflict ? setConflict(undefined) : onClose())}>{t(conflict ? 'back' : 'cancel')}</Button>
      </div>
    </form>
  );
}

export function Billing({ customer }: { customer: Customer }) {
  const user = useStore(userStore);
  const [editing, setEditing] = useState(false);
  const values = valuesOf(customer.billingProfile);
  return (
    <section className="card" aria-label={t('customer.billing')}>
      <h2>{t('customer.billing')}</h2>
      {editing ? (
        <BillingForm customer={customer} onClose={() => setEditing(false)} />
      ) : (
        <>
          <dl>
            {BILLING_FIELDS.filter(({ path }) => values[path]).map(({ path, title }) => (
              <div key={path} className="pair">
                <dt>{t(title)}</dt>
                <dd dir="auto">{shown(path, values[path] ?? '')}</dd>
              </div>
            ))}
          </dl>
          {may(user, 'AdminAgents', 'SalesAgents') && (
            <div>
              <Button onClick={() => setEditing(true)}>{t('edit')}</Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}
