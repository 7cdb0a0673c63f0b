import { Button } from '@fluentui/react-button';
import { Field } from '@fluentui/react-field';
import { Select } from '@fluentui/react-select';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { errorsOf, isToldBeside } from '../../api/error';
import type { CreatedCustomer, CustomerToCreate } from '../../api/types';
import { t } from '../../app/messages';
import { navigate } from '../../app/router';
import { Modal } from '../../components/modal';
import { Once } from '../../components/once';
import { Failure, Unsure } from '../../components/states';
import type { RequestIdOf } from '../../components/submit';
import { useSubmit } from '../../components/submit';
import { auditKeys } from '../activity/api';
import type { Values } from '../customer/fields';
import { checkValues, COUNTRY, CULTURE, FIELDS, LANGUAGE, withRules, withValues } from '../customer/fields';
import { CustomerFields, RulesFailure, useCountryChange, useRules } from '../customer/form';
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
  const { error, isRunning, isUnsure, submit } = useSubmit();
  const country = values[COUNTRY];
  const rules = useRules(country);
  const resellers = useQuery({ queryKey: resellerKeys.list, queryFn: ({ signal }) => fetchResellers(signal) });
  useCountryChange(country, rules.data, true, setValues);
  const errors = { ...errorsOf(error, PATHS), ...early };

  const add = async (requestIdOf: RequestIdOf) => {
    const known = await rules.wait();
    const filled = known ? withRules(values, known) : values;
    const wrong = checkValues(filled, FIELDS, known, t('form.missing'), t('form.invalid'));
    // What the country's rules fill in is not missing without them.
    if (country && !known) [CULTURE, LANGUAGE].forEach((path) => delete wrong[path]);
    setEarly(wrong);
    if (!known || Object.keys(wrong).length > 0) return;
    const wanted = FIELDS.filter(({ wanted: isWanted }) => !isWanted || isWanted(known));
    const sent = Object.fromEntries(wanted.map(({ path }) => [path, filled[path] ?? '']));
    const customer = withValues(reseller ? { associatedPartnerId: reseller } : {}, sent) as unknown as CustomerToCreate;
    setCreated(await createCustomer(customer, requestIdOf(customer)));
    void queries.resetQueries({ queryKey: customerKeys.all });
    void queries.invalidateQueries({ queryKey: auditKeys.all });
  };

  if (created) return <Created customer={created} onClose={onClose} />;
  return (
    <Modal
      title={t('customers.add')}
      isKept
      isUnsaved={reseller !== '' || Object.values(values).some(Boolean)}
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
      <CustomerFields fields={FIELDS} values={values} errors={errors} rules={rules.data} onChange={setValues} />
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
      <RulesFailure rules={rules} />
      {isUnsure && <Unsure />}
      {error !== undefined && <Failure error={error} isToldBeside={isToldBeside(error, PATHS)} />}
    </Modal>
  );
}
