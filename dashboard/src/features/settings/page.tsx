/** What a partner's administrators look after: applications, users, and the keys that sign tokens. */
import type { ComponentType } from 'react';
import { may, userStore } from '../../api/session';
import { useStore } from '../../api/store';
import type { MessageKey } from '../../app/messages';
import { isMessageKey, t } from '../../app/messages';
import { follow } from '../../components/link';
import { Empty } from '../../components/states';
import { Applications } from './applications';
import { Keys } from './keys';
import { Users } from './users';

interface Part {
  readonly name: string;
  readonly title: MessageKey;
  readonly Show: ComponentType;
}

const APPLICATIONS: Part = { name: 'applications', title: 'settings.applications', Show: Applications };
const PARTS: readonly Part[] = [
  APPLICATIONS,
  { name: 'users', title: 'settings.users', Show: Users },
  { name: 'keys', title: 'settings.keys', Show: Keys },
];

/** As people call it. */
function shownRole(role: string) {
  const key = `role.${role}`;
  return isMessageKey(key) ? t(key) : role;
}

export default function SettingsPage({ parameters }: { parameters: URLSearchParams }) {
  const user = useStore(userStore);
  const chosen = PARTS.find(({ name }) => name === parameters.get('show')) ?? APPLICATIONS;
  if (!may(user, 'AdminAgents'))
    return (
      <>
        <h1>{t('settings.title')}</h1>
        <Empty title={t('settings.admins')}>
          <p>{t('settings.adminsHint', { roles: user?.roles.map(shownRole).join(', ') || t('settings.noRole') })}</p>
        </Empty>
      </>
    );
  return (
    <>
      <h1>{t('settings.title')}</h1>
      <nav className="parts" aria-label={t('settings.title')}>
        {PARTS.map((part) => {
          const to = `/settings?show=${part.name}`;
          return (
            <a key={part.name} href={to} aria-current={part === chosen ? 'page' : undefined} onClick={(event) => follow(event, to)}>
              {t(part.title)}
            </a>
          );
        })}
      </nav>
      <chosen.Show />
    </>
  );
}
