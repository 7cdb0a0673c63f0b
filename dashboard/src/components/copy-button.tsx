import { Button } from '@fluentui/react-button';
import { useState } from 'react';
import { t } from '../app/messages';

export function CopyButton({ what, text }: { what: string; text: string }) {
  const [said, setSaid] = useState<'copy' | 'copy.done' | 'copy.failed'>('copy');
  const copy = async () => {
    // The browser may not let us.
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(done ? 'copy.done' : 'copy.failed');
    setTimeout(() => setSaid('copy'), 2000);
  };
  return (
    <>
      <Button size="small" appearance="subtle" aria-label={`${t(said)}: ${what}`} onClick={() => void copy()}>
        {t(said)}
      </Button>
      <span role="status" className="unseen">
        {said === 'copy' ? '' : t(said)}
      </span>
    </>
  );
}
