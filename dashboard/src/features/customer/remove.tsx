/** What cannot be undone: only after the customer's name has been typed. */
import { Button } from '@fluentui/react-button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Customer } from '../../api/types';
import { t } from '../../app/messages';
import { navigate } from '../../app/router';
import { Confirm } from '../../components/confirm';
import { auditKeys } from '../activity/api';
import { customerKeys } from '../customers/api';
import { deleteCustomer, removeRelationship } from './api';

const ACTIONS = {
  relationship: { run: removeRelationship, title: 'remove.relationship', hint: 'remove.relationshipHint' },
  customer: { run: deleteCustomer, title: 'remove.customer', hint: 'remove.customerHint' },
} as const;

export function Removal({ customer }: { customer: Customer }) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<keyof typeof ACTIONS>();
  const remove = async (run: typeof deleteCustomer, requestId: string) => {
    await run(customer.id, requestId);
    queries.removeQueries({ queryKey: customerKeys.all });
    void queries.invalidateQueries({ queryKey: auditKeys.all });
    navigate('/customers', { replace: true });
  };
  return (
    <section className="card" aria-label={t('remove.title')}>
      <h2>{t('remove.title')}</h2>
      <div className="actions">
        <Button onClick={() => setAsked('relationship')}>{t('remove.relationship')}</Button>
        <Button onClick={() => setAsked('customer')}>{t('remove.customer')}</Button>
      </div>
      {asked && (
        <Confirm
          title={t(ACTIONS[asked].title)}
          hint={t(ACTIONS[asked].hint)}
          name={customer.companyProfile.companyName}
          typeHint={t('remove.type')}
          onConfirm={(requestId) => remove(ACTIONS[asked].run, requestId)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </section>
  );
}
