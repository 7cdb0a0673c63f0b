import { Button } from '@fluentui/react-button';
import { Checkbox } from '@fluentui/react-checkbox';
import { Field } from '@fluentui/react-field';
import { Input } from '@fluentui/react-input';
import { useId, useState } from 'react';
import { errorsOf, isToldBeside } from '../../api/error';
import type { User } from '../../api/types';
import { t } from '../../app/messages';
import { Modal } from '../../components/modal';
import { Failure, Unsure } from '../../components/states';
import type { RequestIdOf } from '../../components/submit';
import { useSubmit } from '../../components/submit';

const PATHS = ['name', 'displayName', 'roles', 'secondFactor'];

export type Role = User['roles'][number];
export const ROLES: readonly Role[] = ['AdminAgents', 'SalesAgents', 'HelpdeskAgents'];

export interface UserValues {
  readonly name: string;
  readonly displayName: string;
  readonly roles: Role[];
  readonly secondFactor: boolean;
}

interface Props {
  readonly title: string;
  /** The partner's, which every name ends with. */
  readonly domain: string | undefined;
  /** Absent while a new one is added. */
  readonly user?: User;
  readonly onSave: (values: UserValues, requestId: string) => Promise<void>;
  readonly onClose: () => void;
}

export function UserForm({ title, domain, user, onSave, onClose }: Props) {
  const [first] = useState<UserValues>({
    name: user?.name ?? '',
    displayName: user?.displayName ?? '',
    roles: user?.roles ?? [],
    secondFactor: true,
  });
  const [values, setValues] = useState(first);
  const [early, setEarly] = useState<Readonly<Record<string, string>>>({});
  const wrongRoles = useId();
  const { error, isRunning, isUnsure, submit } = useSubmit();
  const errors = { ...errorsOf(error, PATHS), ...early };
  const wrong = (path: string) => errors[path] && { validationMessage: errors[path] };
  const change = (next: Partial<UserValues>) => setValues({ ...values, ...next });
  const save = async (requestIdOf: RequestIdOf) => {
    const wanted = { ...values, name: values.name.trim(), displayName: values.displayName.trim() };
    const missing = {
      ...(!wanted.name && { name: t('form.missing') }),
      ...(wanted.roles.length === 0 && { roles: t('user.rolesMissing') }),
    };
    setEarly(missing);
    if (Object.keys(missing).length === 0) await onSave(wanted, requestIdOf(wanted));
  };
  return (
    <Modal
      title={title}
      isKept
      isUnsaved={JSON.stringify(values) !== JSON.stringify(first)}
      onClose={onClose}
      onSubmit={(event) => void submit(event, save)}
      actions={
        <>
          <Button type="submit" appearance="primary" disabled={isRunning}>
            {user ? t('save') : title}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </>
      }
    >
      {!user && (
        <Field label={t('user.name')} required {...(domain && { hint: t('user.nameHint', { domain }) })} {...wrong('name')}>
          <Input type="email" value={values.name} input={{ autoComplete: 'off' }} onChange={(_, { value }) => change({ name: value })} />
        </Field>
      )}
      <Field label={t('user.displayName')} {...wrong('displayName')}>
        <Input value={values.displayName} input={{ dir: 'auto', autoComplete: 'off' }} onChange={(_, { value }) => change({ displayName: value })} />
      </Field>
      {/* No Field, which would give all boxes the same id. */}
      <fieldset className="part" aria-describedby={errors.roles ? wrongRoles : undefined}>
        <legend>{t('user.roles')}</legend>
        {ROLES.map((role) => (
          <div key={role}>
            <Checkbox
              label={t(`role.${role}`)}
              checked={values.roles.includes(role)}
              aria-invalid={errors.roles ? true : undefined}
              onChange={(_, { checked }) => change({ roles: ROLES.filter((one) => (one === role ? checked === true : values.roles.includes(one))) })}
            />
          </div>
        ))}
        {user && <div className="hint">{t('user.rolesHint')}</div>}
        {errors.roles && (
          <div id={wrongRoles} role="alert" className="wrong">
            {errors.roles}
          </div>
        )}
      </fieldset>
      {!user && (
        <Field {...wrong('secondFactor')}>
          <Checkbox
            label={t('user.withSecondFactor')}
            checked={values.secondFactor}
            onChange={(_, { checked }) => change({ secondFactor: checked === true })}
          />
        </Field>
      )}
      {isUnsure && <Unsure />}
      {error !== undefined && <Failure error={error} isToldBeside={isToldBeside(error, PATHS)} />}
    </Modal>
  );
}
