import { Button } from '@fluentui/react-button';
import { useState } from 'react';
import { t } from '../app/messages';

export function CopyButton({ what, text }: { what: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      <Button size="small" appearance="subtle" aria-label={t(copied ? 'copy.doneWhat' : 'copy.what', { what })} onClick={() => void copy()}>
        {copied ? t('copy.done') : t('copy')}
      </Button>
      <span role="status" className="unseen">
        {copied ? t('copy.done') : ''}
      </span>
    </>
  );
}
