/** What cannot be undone: only after the customer's name has been typed. */
import { Button } from '@fluentui/react-button';
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-dialog';
import { Field } from '@fluentui/react-field';
import { Input } from '@fluentui/react-input';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useRef, useState } from 'react';
import type { Customer } from '../../api/types';
import { t } from '../../app/messages';
import { navigate } from '../../app/router';
import { Failure } from '../../components/states';
import { auditKeys } from '../activity/api';
import { customerKeys } from '../customers/api';
import { deleteCustomer, removeRelationship } from './api';

const ACTIONS = {
  relationship: { run: removeRelationship, title: 'remove.relationship', hint: 'remove.relationshipHint' },
  customer: { run: deleteCustomer, title: 'remove.customer', hint: 'remove.customerHint' },
} as const;
type ActionName = keyof typeof ACTIONS;

function Confirm({ customer, name, onClose }: { customer: Customer; name: ActionName; onClose: () => void }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<unknown>();
  const [running, setRunning] = useState(false);
  const requestId = useRef(crypto.randomUUID());
  const { run, title, hint } = ACTIONS[name];
  const companyName = customer.companyProfile.companyName;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setRunning(true);
    setError(undefined);
    try {
      await run(customer.id, requestId.current);
      queries.removeQueries({ queryKey: customerKeys.all });
      void queries.invalidateQueries({ queryKey: auditKeys.all });
      navigate('/customers', { replace: true });
    } catch (failure) {
      setError(failure);
      setRunning(false);
      // The service has answered: another try is another request (api.md 2.3).
      requestId.current = crypto.randomUUID();
    }
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={(event) => void submit(event)}>
          <DialogBody>
            <DialogTitle>{t(title)}</DialogTitle>
            <DialogContent className="stack">
              <p>
                {t(hint)} <strong dir="auto">{companyName}</strong>
              </p>
              <Field label={t('remove.type')}>
                <Input value={typed} input={{ dir: 'auto', autoComplete: 'off' }} onChange={(_, { value }) => setTyped(value)} />
              </Field>
              {error !== undefined && <Failure error={error} />}
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={running || typed !== companyName}>
                {t(title)}
              </Button>
              <Button onClick={onClose}>{t('cancel')}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

export function Removal({ customer }: { customer: Customer }) {
  const [asked, setAsked] = useState<ActionName>();
  return (
    <section className="card" aria-label={t('remove.title')}>
      <h2>{t('remove.title')}</h2>
      <div className="actions">
        <Button onClick={() => setAsked('relationship')}>{t('remove.relationship')}</Button>
        <Button onClick={() => setAsked('customer')}>{t('remove.customer')}</Button>
      </div>
      {asked && <Confirm customer={customer} name={asked} onClose={() => setAsked(undefined)} />}
    </section>
  );
}
