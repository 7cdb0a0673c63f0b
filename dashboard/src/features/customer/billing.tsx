/** The billing profile, and its form. What somebody else changed meanwhile is shown beside what was typed. */
import { Button } from '@fluentui/react-button';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiError, errorsOf, isToldBeside } from '../../api/error';
import { may, userStore } from '../../api/session';
import { useStore } from '../../api/store';
import type { BillingProfile, Customer } from '../../api/types';
import { t } from '../../app/messages';
import { Failure, Unsure } from '../../components/states';
import type { RequestIdOf } from '../../components/submit';
import { useSubmit } from '../../components/submit';
import { useUnsaved } from '../../components/unsaved';
import { auditKeys } from '../activity/api';
import { customerKeys } from '../customers/api';
import { CODE_STALE, fetchBilling, putBilling } from './api';
import type { Conflict } from './conflict';
import { conflictOf, settle, valuesOf } from './conflict';
import type { Values } from './fields';
import { BILLING_FIELDS, checkValues, COUNTRY, withValues } from './fields';
import { CustomerFields, RulesFailure, useCountryChange, useRules } from './form';
import { shown, Sides } from './sides';

const PATHS = BILLING_FIELDS.map(({ path }) => path);

interface FormProps {
  readonly customer: Customer;
  /** `isSame`: nothing had to be changed. */
  readonly onClose: (isSame?: boolean) => void;
}

function BillingForm({ customer, onClose }: FormProps) {
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(customer.billingProfile);
  const [values, setValues] = useState(() => valuesOf(customer.billingProfile));
  const [conflict, setConflict] = useState<Conflict>();
  const [early, setEarly] = useState<Values>({});
  const { error, isRunning, isUnsure, submit } = useSubmit();
  /** What is sent, and of which profile it is a change. */
  const wanted = conflict ? settle(conflict, values) : values;
  const from = conflict?.theirs ?? base;
  const rules = useRules(wanted[COUNTRY]);
  useCountryChange(wanted[COUNTRY], rules.data, !conflict, setValues);
  const errors = { ...errorsOf(error, PATHS), ...early };
  useUnsaved(conflict !== undefined || PATHS.some((path) => values[path] !== valuesOf(base)[path]));
  const isTyping = !conflict;
  useEffect(() => {
    const find = (what: string) => form.current?.querySelector<HTMLElement>(what);
    if (isTyping) (find('[aria-invalid=true]') ?? find('input, select'))?.focus();
  }, [isTyping]);

  /** What was settled is what the user has from here on, as a change of what the other one saved. */
  const takeSettled = () => {
    setBase(from);
    setValues(wanted);
    setConflict(undefined);
  };
  const done = async (isSame: boolean) => {
    await queries.invalidateQueries({ queryKey: customerKeys.one(customer.id) });
    void queries.invalidateQueries({ queryKey: auditKeys.all });
    onClose(isSame);
  };
  const onStale = async () => {
    const next = conflictOf(valuesOf(from), wanted, await fetchBilling(customer.id));
    if (Object.keys(next.choices).length === 0) return done(true);
    takeSettled();
    setConflict(next);
  };

  const save = async (requestIdOf: RequestIdOf) => {
    const known = await rules.wait();
    const wrong = known || !wanted[COUNTRY] ? checkValues(wanted, BILLING_FIELDS, known, t('form.missing'), t('form.invalid')) : {};
    setEarly(wrong);
    if (!known || Object.keys(wrong).length > 0) return;
    const { billingProfile } = withValues({ billingProfile: from }, wanted) as { billingProfile: BillingProfile };
    try {
      await putBilling(customer.id, billingProfile, requestIdOf(billingProfile));
    } catch (failure) {
      if (!(failure instanceof ApiError && failure.code === CODE_STALE)) throw failure;
      return onStale();
    }
    await done(false);
  };

  return (
    <form className="stack" noValidate ref={form} onSubmit={(event) => void submit(event, save)}>
      {conflict ? (
        <Sides conflict={conflict} base={valuesOf(base)} mine={values} errors={errors} onChange={setConflict} />
      ) : (
        <CustomerFields fields={BILLING_FIELDS} values={values} errors={errors} rules={rules.data} onChange={setValues} />
      )}
      <RulesFailure rules={rules} />
      {isUnsure && <Unsure />}
      {error !== undefined && <Failure error={error} isToldBeside={isToldBeside(error, PATHS)} />}
      <div className="actions">
        <Button type="submit" appearance="primary" disabled={isRunning}>
          {t('save')}
        </Button>
        {/* Two buttons: who presses the one twice does not press the other. */}
        {conflict ? (
          <Button key="back" onClick={takeSettled}>
            {t('back')}
          </Button>
        ) : (
          <Button key="cancel" onClick={() => onClose()}>
            {t('cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}

export function Billing({ customer }: { customer: Customer }) {
  const user = useStore(userStore);
  const [editing, setEditing] = useState(false);
  const [isSame, setSame] = useState(false);
  const edit = useRef<HTMLDivElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) edit.current?.querySelector('button')?.focus();
    wasEditing.current = editing;
  }, [editing]);
  const close = (same = false) => {
    setSame(same);
    setEditing(false);
  };
  const values = valuesOf(customer.billingProfile);
  return (
    <section className="card" aria-label={t('customer.billing')}>
      <h2>{t('customer.billing')}</h2>
      <div role="status">{isSame && !editing && t('conflict.none')}</div>
      {editing ? (
        <BillingForm customer={customer} onClose={close} />
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
            <div ref={edit}>
              <Button onClick={() => setEditing(true)}>{t('edit')}</Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}
