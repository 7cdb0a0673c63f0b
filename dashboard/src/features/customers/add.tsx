import { Button } from '@fluentui/react-button';
import { Field } from '@fluentui/react-field';
import { Select } from '@fluentui/react-select';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { errorsOf } from '../../api/error';
import type { CreatedCustomer, CustomerToCreate } from '../../api/types';
import { t } from '../../app/messages';
import { navigate } from '../../app/router';
import { Modal } from '../../components/modal';
import { Once } from '../../components/once';
import { Failure } from '../../components/states';
import { useSubmit } from '../../components/submit';
import { auditKeys } from '../activity/api';
import type { Values } from '../customer/fields';
import { checkValues, COUNTRY, FIELDS, withRules, withValues } from '../customer/fields';
import { CustomerFields, useRules } from '../customer/form';
import { fetchResellers, resellerKeys } from '../resellers/api';
import { createCustomer, customerKeys } from './api';

const PATHS = FIELDS.map(({ path }) => path);

function Created({ customer, onClose }: { customer: CreatedCustomer; onClose: () => void }) {
  const { userName, password } = customer.userCredentials;
  return (
    <Once
      title={t('add.done')}
      hint={t('add.once')}
      told={[
        { title: t('add.user'), text: `${userName}@${customer.companyProfile.domain}` },
        { title: t('add.password'), text: password },
      ]}
      onClose={onClose}
      actions={
        <Button appearance="primary" onClick={() => navigate(`/customers/${customer.id}`)}>
          {t('add.open')}
        </Button>
      }
    />
  );
}

export default function AddCustomer({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [values, setValues] = useState<Values>({});
  const [reseller, setReseller] = useState('');
  const [early, setEarly] = useState<Values>({});
  const [created, setCreated] = useState<CreatedCustomer>();
  const { error, isRunning, submit } = useSubmit();
  const rules = useRules(values[COUNTRY]).data;
  const resellers = useQuery({ queryKey: resellerKeys.list, queryFn: ({ signal }) => fetchResellers(signal) });
  useEffect(() => {
    if (rules) setValues((now) => withRules(now, rules));
  }, [rules]);

  const add = async (requestId: string) => {
    const wrong = rules ? checkValues(values, FIELDS, rules, t('form.missing'), t('form.invalid')) : { [COUNTRY]: t('form.missing') };
    setEarly(wrong);
    if (Object.keys(wrong).length > 0) return;
    const wanted = FIELDS.filter(({ wanted: isWanted }) => !isWanted || (rules && isWanted(rules)));
    const sent = Object.fromEntries(wanted.map(({ path }) => [path, values[path] ?? '']));
    const customer = withValues(reseller ? { associatedPartnerId: reseller } : {}, sent) as unknown as CustomerToCreate;
    setCreated(await createCustomer(customer, requestId));
    void queries.resetQueries({ queryKey: customerKeys.all });
    void queries.invalidateQueries({ queryKey: auditKeys.all });
  };

  if (created) return <Created customer={created} onClose={onClose} />;
  return (
    <Modal
      title={t('customers.add')}
      isKept
      onClose={onClose}
      onSubmit={(event) => void submit(event, add)}
      actions={
        <>
          <Button type="submit" appearance="primary" disabled={isRunning}>
            {t('customers.add')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </>
      }
    >
      <CustomerFields fields={FIELDS} values={values} errors={{ ...errorsOf(error, PATHS), ...early }} rules={rules} onChange={setValues} />
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
    </Modal>
  );
}
