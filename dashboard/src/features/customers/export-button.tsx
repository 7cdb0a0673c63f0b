import { Button } from '@fluentui/react-button';
import { ProgressBar } from '@fluentui/react-progress';
import { useEffect, useRef, useState } from 'react';
import { formatNumber, t } from '../../app/messages';
import { Failure } from '../../components/states';
import type { CustomerQuery } from './api';
import { exportCsv, save } from './export';

export function ExportButton({ query, total }: { query: CustomerQuery; total: number | undefined }) {
  const [rows, setRows] = useState<number>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>();
  useEffect(() => () => running.current?.abort(), []);

  const run = async () => {
    const controller = new AbortController();
    running.current = controller;
    setError(undefined);
    setRows(0);
    try {
      save(await exportCsv(query, controller.signal, setRows), 'customers.csv');
    } catch (failure) {
      if (!controller.signal.aborted) setError(failure);
    }
    setRows(undefined);
  };

  if (error) return <Failure error={error} onRetry={() => void run()} />;
  if (rows === undefined) return <Button onClick={() => void run()}>{t('export.start')}</Button>;
  return (
    <span className="progress">
      <ProgressBar aria-label={t('export.start')} {...(total !== undefined && { value: rows, max: total })} />
      <span className="hint">{t('export.rows', { rows: formatNumber(rows) })}</span>
      <Button onClick={() => running.current?.abort()}>{t('cancel')}</Button>
    </span>
  );
}
