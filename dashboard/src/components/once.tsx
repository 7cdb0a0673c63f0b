import { Button } from '@fluentui/react-button';
import type { ReactNode } from 'react';
import { t } from '../app/messages';
import { CopyButton } from './copy-button';
import { Modal } from './modal';

export interface Told {
  readonly title: string;
  readonly text: string;
}

interface Props {
  readonly title: string;
  readonly hint: string;
  readonly told: readonly Told[];
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** What the service tells once: it can be copied, and stays until the user closes it by its button. */
export function Once({ title, hint, told, actions, children, onClose }: Props) {
  return (
    <Modal
      title={title}
      isKept
      actions={
        <>
          {actions}
          <Button appearance={actions ? 'secondary' : 'primary'} onClick={onClose}>
            {t('close')}
          </Button>
        </>
      }
    >
      <p>{hint}</p>
      <dl>
        {told.map(({ title: what, text }) => (
          <div key={what} className="pair">
            <dt>{what}</dt>
            <dd>
              <code>{text}</code> <CopyButton what={what} text={text} />
            </dd>
          </div>
        ))}
      </dl>
      {children}
    </Modal>
  );
}
