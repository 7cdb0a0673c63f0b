import { Button } from '@fluentui/react-button';
import { Field } from '@fluentui/react-field';
import { Input } from '@fluentui/react-input';
import { useState } from 'react';
import { t } from '../app/messages';
import { Modal } from './modal';
import { isSameName } from './same-name';
import { Failure } from './states';
import { useSubmit } from './submit';

interface Props {
  readonly title: string;
  readonly hint: string;
  /** Of what is changed, as the user knows it. */
  readonly name: string;
  /** What is to be typed first where it cannot be undone; a text that says so. */
  readonly typeHint?: string;
  readonly onConfirm: (requestId: string) => Promise<void>;
  readonly onClose: () => void;
}

/** A change that names what it changes, and waits for the user to agree. */
export function Confirm({ title, hint, name, typeHint, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const { error, isRunning, submit } = useSubmit();
  return (
    <Modal
      title={title}
      onClose={onClose}
      onSubmit={(event) => void submit(event, (requestIdOf) => onConfirm(requestIdOf(name)))}
      actions={
        <>
          <Button type="submit" appearance="primary" disabled={isRunning || (typeHint !== undefined && !isSameName(typed, name))}>
            {title}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </>
      }
    >
      <p>
        {hint} <strong dir="auto" className="name">{name}</strong>
      </p>
      {typeHint !== undefined && (
        <Field label={typeHint}>
          <Input value={typed} input={{ dir: 'auto', autoComplete: 'off' }} onChange={(_, { value }) => setTyped(value)} />
        </Field>
      )}
      {error !== undefined && <Failure error={error} />}
    </Modal>
  );
}
