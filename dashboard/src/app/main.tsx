import { createRoot } from 'react-dom/client';
import { arrive, CLIENT_ID, redirectUri, signIn, SignInRefused } from '../api/session';
import { App } from './app';
import { loadMessages, t } from './messages';
import { refreshAddress } from './router';

const root = createRoot(document.getElementById('page')!);

function SignInFailed({ error }: { error: unknown }) {
  return (
    <main className="alone">
      <h1>{t('signIn.failed')}</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {error instanceof SignInRefused && error.code === 'access_denied' && (
        <>
          <p>{t('signIn.unregistered')}</p>
          <code>
            clienteled app add --partner P --public --id {CLIENT_ID} --redirect-uri {redirectUri()}
          </code>
        </>
      )}
      <button type="button" onClick={() => void signIn()}>
        {t('signIn.again')}
      </button>
    </main>
  );
}

await loadMessages();
try {
  // Without, browsers give no cryptography to a page.
  if (!isSecureContext) throw new Error(t('signIn.insecure'));
  const finish = await arrive();
  if (finish) {
    refreshAddress();
    root.render(<App />);
    await finish();
  }
} catch (error) {
  root.render(<SignInFailed error={error} />);
}
