import { createRoot } from 'react-dom/client';
import { arrive, signIn } from '../api/session';
import { App } from './app';
import { loadMessages, t } from './messages';
import { refreshAddress } from './router';

const root = createRoot(document.getElementById('page')!);

function SignInFailed({ why }: { why: string }) {
  return (
    <main className="alone">
      <h1>{t('signIn.failed')}</h1>
      <p>{why}</p>
      <button type="button" onClick={() => void signIn()}>
        {t('signIn.again')}
      </button>
    </main>
  );
}

await loadMessages();
try {
  if (await arrive()) {
    refreshAddress();
    root.render(<App />);
  }
} catch (error) {
  root.render(<SignInFailed why={error instanceof Error ? error.message : String(error)} />);
}
