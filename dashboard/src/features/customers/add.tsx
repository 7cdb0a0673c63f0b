import { Button } from '@fluentui/react-button';
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-dialog';
import { Field } from '@fluentui/react-field';
import { Select } from '@fluentui/react-select';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/error';
import type { CreatedCustomer, CustomerToCreate } from '../../api/types';
import { t } from '../../app/messages';
import { navigate } from '../../app/router';
import { CopyButton } from '../../components/copy-button';
import { Failure } from '../../components/states';
import { auditKeys } from '../activity/api';
import type { Values } from '../customer/fields';
import { checkValues, COUNTRY, errorsOf, FIELDS, withValues } from '../customer/fields';
import { CustomerFields, useRules, withRules } from '../customer/form';
import { fetchResellers, resellerKeys } from '../resellers/api';
import { createCustomer, customerKeys } from './api';

function Created({ customer, onClose }: { customer: CreatedCustomer; onClose: () => void }) {
  const { userName, password } = customer.userCredentials;
  return (
    <DialogBody>
      <DialogTitle>{t('add.done')}</DialogTitle>
      <DialogContent className="stack">
        <p>{t('add.once')}</p>
        <dl>
          <dt>{t('add.user')}</dt>
          <dd>
            {userName}@{customer.companyProfile.domain}
          </dd>
          <dt>{t('add.password')}</dt>
          <dd>
            <code>{password}</code> <CopyButton what={t('add.password')} text={password} />
          </dd>
        </dl>
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={() => navigate(`/customers/${customer.id}`)}>
          {t('add.open')}
        </Button>
        <Button onClick={onClose}>{t('close')}</Button>
      </DialogActions>
    </DialogBody>
  );
}

export default function AddCustomer({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [values, setValues] = useState<Values>({});
  const [reseller, setReseller] = useState('');
  const [errors, setErrors] = useState<Values>({});
  const [error, setError] = useState<unknown>();
  const [saving, setSaving] = useState(false);
  const [created, setCreated] = useState<CreatedCustomer>();
  // The same for a repetition after a lost answer, another after an answer (api.md 2.3).
  const requestId = useRef(crypto.randomUUID());
  const rules = useRules(values[COUNTRY]).data;
  const resellers = useQuery({ queryKey: resellerKeys.list, queryFn: ({ signal }) => fetchResellers(signal) });
  useEffect(() => {
    if (rules) setValues((now) => withRules(now, rules));
  }, [rules]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const early = rules ? checkValues(values, FIELDS, rules, t('form.missing'), t('form.invalid')) : { [COUNTRY]: t('form.missing') };
    setErrors(early);
    setError(undefined);
    if (Object.keys(early).length > 0) return;
    const wanted = FIELDS.filter(({ wanted: isWanted }) => !isWanted || (rules && isWanted(rules)));
    const sent = Object.fromEntries(wanted.map(({ path }) => [path, values[path] ?? '']));
    const customer = withValues(reseller ? { associatedPartnerId: reseller } : {}, sent) as unknown as CustomerToCreate;
    setSaving(true);
    try {
      setCreated(await createCustomer(customer, requestId.current));
      void queries.resetQueries({ queryKey: customerKeys.all });
      void queries.invalidateQueries({ queryKey: auditKeys.all });
    } catch (failure) {
      setError(failure);
      if (failure instanceof ApiError) setErrors(errorsOf(failure, FIELDS));
      if (failure instanceof ApiError && failure.status > 0) requestId.current = crypto.randomUUID();
    }
    setSaving(false);
  };

  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className="broad">
        {created ? (
          <Created customer={created} onClose={onClose} />
        ) : (
          <form noValidate onSubmit={(event) => void submit(event)}>
            <DialogBody>
              <DialogTitle>{t('customers.add')}</DialogTitle>
              <DialogContent className="stack">
                <CustomerFields fields={FIELDS} values={values} errors={errors} rules={rules} onChange={setValues} />
                {resellers.data && resellers.data.length > 0 && (
                  <Field label={t('customer.reseller')}>
                    <Select value={reseller} onChange={(_, { value }) => setReseller(value)}>
                      <option value=""></option>
                      {resellers.data.map(({ id, name }) => (
                        <option key={id} value={id}>
                          {name}
                        </option>
                      ))}
                    </Select>
                  </Field>
                )}
                {error !== undefined && <Failure error={error} />}
              </DialogContent>
              <DialogActions>
                <Button type="submit" appearance="primary" disabled={saving}>
                  {t('customers.add')}
                </Button>
                <Button onClick={onClose}>{t('cancel')}</Button>
              </DialogActions>
            </DialogBody>
          </form>
        )}
      </DialogSurface>
    </Dialog>
  );
}
