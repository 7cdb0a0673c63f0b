import { Button } from '@fluentui/react-button';
import { Checkbox } from '@fluentui/react-checkbox';
import { Field } from '@fluentui/react-field';
import { Input } from '@fluentui/react-input';
import { Textarea } from '@fluentui/react-textarea';
import { useState } from 'react';
import { errorsOf, isToldBeside } from '../../api/error';
import type { Application } from '../../api/types';
import { t } from '../../app/messages';
import { Modal } from '../../components/modal';
import { Failure, Unsure } from '../../components/states';
import type { RequestIdOf } from '../../components/submit';
import { useSubmit } from '../../components/submit';
import { linesOf } from './text';

const PATHS = ['name', 'id', 'public', 'redirectUris'];

export interface ApplicationValues {
  readonly name: string;
  readonly id: string;
  readonly isPublic: boolean;
  readonly redirectUris: readonly string[];
}

interface Props {
  readonly title: string;
  /** Absent while a new one is registered. */
  readonly application?: Application;
  readonly onSave: (values: ApplicationValues, requestId: string) => Promise<void>;
  readonly onClose: () => void;
}

export function ApplicationForm({ title, application, onSave, onClose }: Props) {
  const [name, setName] = useState(application?.name ?? '');
  const [id, setId] = useState('');
  const [isPublic, setPublic] = useState(false);
  const [uris, setUris] = useState(application?.redirectUris.join('\n') ?? '');
  const { error, isRunning, isUnsure, submit } = useSubmit();
  const errors = errorsOf(error, PATHS);
  const wrong = (path: string) => errors[path] && { validationMessage: errors[path] };
  const isUnsaved = name !== (application?.name ?? '') || id !== '' || isPublic || uris !== (application?.redirectUris.join('\n') ?? '');
  const save = (requestIdOf: RequestIdOf) => {
    const values = { name: name.trim(), id: id.trim(), isPublic, redirectUris: linesOf(uris) };
    return onSave(values, requestIdOf(values));
  };
  return (
    <Modal
      title={title}
      isKept
      isUnsaved={isUnsaved}
      onClose={onClose}
      onSubmit={(event) => void submit(event, save)}
      actions={
        <>
          <Button type="submit" appearance="primary" disabled={isRunning}>
            {application ? t('save') : title}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </>
      }
    >
      <Field label={t('application.name')} {...wrong('name')}>
        <Input value={name} input={{ dir: 'auto' }} onChange={(_, { value }) => setName(value)} />
      </Field>
      {!application && (
        <>
          <Field label={t('application.id')} hint={t('application.idHint')} {...wrong('id')}>
            <Input value={id} onChange={(_, { value }) => setId(value)} />
          </Field>
          <Field {...wrong('public')}>
            <Checkbox label={t('application.publicLabel')} checked={isPublic} onChange={(_, { checked }) => setPublic(checked === true)} />
          </Field>
        </>
      )}
      <Field label={t('application.redirectUris')} hint={t('application.redirectUrisHint')} {...wrong('redirectUris')}>
        <Textarea value={uris} rows={3} resize="vertical" onChange={(_, { value }) => setUris(value)} />
      </Field>
      {isUnsure && <Unsure />}
      {error !== undefined && <Failure error={error} isToldBeside={isToldBeside(error, PATHS)} />}
    </Modal>
  );
}
