import { Button } from '@fluentui/react-button';
import { Input } from '@fluentui/react-input';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { User, UserWithSecrets } from '../../api/types';
import { t } from '../../app/messages';
import { Confirm } from '../../components/confirm';
import { Once } from '../../components/once';
import { Empty, Failure, Loading } from '../../components/states';
import { createUser, deleteUser, fetchUsers, resetUser, settingsKeys, updateUser } from './api';
import { QrCode } from './qr-code';
import { matching } from './text';
import type { UserValues } from './user-form';
import { UserForm } from './user-form';

/** So many are shown at first: a partner may have a thousand. */
const SHOWN = 50;

type ChangeName = 'password' | 'secondFactor' | 'noSecondFactor' | 'disable' | 'enable' | 'remove';

/** What is done to a user once the administrator has agreed; each has its texts in messages/. */
const CHANGES: Readonly<Record<ChangeName, (id: string, requestId: string) => Promise<UserWithSecrets | undefined>>> = {
  password: (id, requestId) => resetUser(id, { password: true }, requestId),
  secondFactor: (id, requestId) => resetUser(id, { secondFactor: true }, requestId),
  noSecondFactor: (id, requestId) => resetUser(id, { secondFactor: false }, requestId),
  disable: (id, requestId) => updateUser(id, { disabled: true }, requestId),
  enable: (id, requestId) => updateUser(id, { disabled: false }, requestId),
  remove: deleteUser,
};

type Asked =
  | { readonly what: 'add' }
  | { readonly what: 'edit'; readonly user: User }
  | { readonly what: ChangeName; readonly user: User }
  | { readonly what: 'told'; readonly title: string; readonly user: UserWithSecrets };

function Told({ title, user, onClose }: { title: string; user: UserWithSecrets; onClose: () => void }) {
  const told = [{ title: t('user.name'), text: user.name }];
  if (user.password) told.push({ title: t('user.password'), text: user.password });
  if (user.secondFactorUri) told.push({ title: t('user.secondFactorUri'), text: user.secondFactorUri });
  return (
    <Once title={title} hint={t('user.once')} told={told} onClose={onClose}>
      {user.secondFactorUri && (
        <figure className="figure-qr">
          <QrCode title={t('user.qrCode')} text={user.secondFactorUri} />
          <figcaption className="hint">{t('user.qrHint')}</figcaption>
        </figure>
      )}
    </Once>
  );
}

function Entry({ user, onAsk }: { user: User; onAsk: (asked: Asked) => void }) {
  return (
    <li className="card" aria-label={user.name}>
      <h2>{user.name}</h2>
      {user.displayName && <p dir="auto">{user.displayName}</p>}
      {user.demo && <p className="hint">{t('user.demo')}</p>}
      <dl>
        <dt>{t('user.roles')}</dt>
        <dd>{user.roles.map((role) => t(`role.${role}`)).join(', ')}</dd>
        <dt>{t('user.secondFactor')}</dt>
        <dd>{t(user.secondFactor ? 'yes' : 'no')}</dd>
        <dt>{t('user.state')}</dt>
        <dd>{t(user.disabled ? 'user.disabled' : 'user.enabled')}</dd>
      </dl>
      <div className="actions">
        <Button onClick={() => onAsk({ what: 'edit', user })}>{t('edit')}</Button>
        <Button onClick={() => onAsk({ what: 'password', user })}>{t('user.ask.password')}</Button>
        <Button onClick={() => onAsk({ what: 'secondFactor', user })}>{t('user.ask.secondFactor')}</Button>
        {user.secondFactor && <Button onClick={() => onAsk({ what: 'noSecondFactor', user })}>{t('user.ask.noSecondFactor')}</Button>}
        <Button onClick={() => onAsk({ what: user.disabled ? 'enable' : 'disable', user })}>
          {t(user.disabled ? 'user.ask.enable' : 'user.ask.disable')}
        </Button>
        <Button onClick={() => onAsk({ what: 'remove', user })}>{t('user.ask.remove')}</Button>
      </div>
    </li>
  );
}

function Entries({ users, onAsk }: { users: readonly User[]; onAsk: (asked: Asked) => void }) {
  const [text, setText] = useState('');
  const [shown, setShown] = useState(SHOWN);
  const found = matching(users, text);
  return (
    <>
      {users.length > SHOWN && (
        <Input type="search" aria-label={t('user.search')} placeholder={t('user.search')} value={text} onChange={(_, { value }) => setText(value)} />
      )}
      {found.length === 0 && <Empty title={t('user.none')} />}
      <ul className="entries">
        {found.slice(0, shown).map((user) => (
          <Entry key={user.id} user={user} onAsk={onAsk} />
        ))}
      </ul>
      {found.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + SHOWN)}>{t('activity.more')}</Button>
        </div>
      )}
    </>
  );
}

interface Asking<T extends Asked> {
  readonly asked: T;
  /** The change was made; what is to be told of it. */
  readonly onDone: (next?: Asked) => void;
  readonly onClose: () => void;
}

function ConfirmChange({ asked: { what, user }, onDone, onClose }: Asking<Extract<Asked, { what: ChangeName }>>) {
  const title = t(`user.ask.${what}`);
  const run = async (requestId: string) => {
    const changed = await CHANGES[what](user.id, requestId);
    onDone(changed?.password || changed?.secondFactorUri ? { what: 'told', title, user: changed } : undefined);
  };
  const typing = what === 'remove' && { typeHint: t('settings.type') };
  return <Confirm title={title} hint={t(`user.hint.${what}`)} name={user.name} {...typing} onConfirm={run} onClose={onClose} />;
}

function UserDialog({ asked, domain, onDone, onClose }: Asking<Asked> & { domain: string | undefined }) {
  switch (asked.what) {
    case 'told':
      return <Told title={asked.title} user={asked.user} onClose={onClose} />;
    case 'add': {
      const add = async (values: UserValues, requestId: string) =>
        onDone({ what: 'told', title: t('user.added'), user: await createUser({ ...values, disabled: false }, requestId) });
      return <UserForm title={t('user.add')} domain={domain} onSave={add} onClose={onClose} />;
    }
    case 'edit': {
      const { user } = asked;
      const save = async ({ displayName, roles }: UserValues, requestId: string) => {
        await updateUser(user.id, { displayName, roles }, requestId);
        onDone();
      };
      return <UserForm title={t('user.edit', { name: user.name })} domain={domain} user={user} onSave={save} onClose={onClose} />;
    }
    default:
      return <ConfirmChange asked={asked} onDone={onDone} onClose={onClose} />;
  }
}

export function Users() {
  const queries = useQueryClient();
  const users = useQuery({ queryKey: settingsKeys.users, queryFn: ({ signal }) => fetchUsers(signal) });
  const [asked, setAsked] = useState<Asked>();
  const done = (next?: Asked) => {
    setAsked(next);
    void queries.invalidateQueries({ queryKey: settingsKeys.users });
  };
  const domain = users.data?.[0]?.name.split('@')[1];
  return (
    <>
      <div>
        <Button appearance="primary" onClick={() => setAsked({ what: 'add' })}>
          {t('user.add')}
        </Button>
      </div>
      {users.isPending && <Loading />}
      {users.isError && <Failure error={users.error} onRetry={() => void users.refetch()} />}
      {users.data && <Entries users={users.data} onAsk={setAsked} />}
      {asked && <UserDialog asked={asked} domain={domain} onDone={done} onClose={() => setAsked(undefined)} />}
    </>
  );
}
