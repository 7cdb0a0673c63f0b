import { Button } from '@fluentui/react-button';
import { ProgressBar } from '@fluentui/react-progress';
import { useEffect, useRef, useState } from 'react';
import { formatNumber, t } from '../../app/messages';
import { Failure } from '../../components/states';
import type { CustomerQuery } from './api';
import { exportCsv, save } from './export';

interface Job {
  readonly query: CustomerQuery;
  readonly total: number | undefined;
}

function describe(query: CustomerQuery) {
  if (query.name) return `${t('customer.name')}: ${query.name}`;
  if (query.domain) return `${t('customer.domain')}: ${query.domain}`;
  return query.reseller ? `${t('customer.reseller')}: ${query.reseller}` : '';
}

/** What was shown when it was asked for is exported to its end, whatever is searched for meanwhile. */
export function ExportButton({ query, total }: Job) {
  const [job, setJob] = useState<Job>({ query, total });
  const [rows, setRows] = useState<number>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>();
  const start = useRef<HTMLButtonElement | null>(null);
  const wasRunning = useRef(false);
  useEffect(() => () => running.current?.abort(), []);
  // The button to cancel, which had the focus, goes with the export.
  const isRunning = rows !== undefined;
  useEffect(() => {
    if (wasRunning.current && !isRunning && document.activeElement === document.body) start.current?.focus();
    wasRunning.current = isRunning;
  }, [isRunning]);

  const run = async (wanted: Job) => {
    const controller = new AbortController();
    running.current = controller;
    setError(undefined);
    setRows(0);
    setJob(wanted);
    try {
      save(await exportCsv(wanted.query, controller.signal, setRows), 'customers.csv');
    } catch (failure) {
      if (!controller.signal.aborted) setError(failure);
    }
    setRows(undefined);
  };

  if (error) return <Failure error={error} onRetry={() => void run(job)} />;
  if (rows === undefined)
    return (
      <Button
        ref={(button: HTMLButtonElement | null) => {
          start.current = button;
        }}
        onClick={() => void run({ query, total })}
      >
        {t('export.start')}
      </Button>
    );
  return (
    <span className="progress">
      <ProgressBar aria-label={t('export.start')} {...(job.total !== undefined && { value: rows, max: job.total })} />
      <span className="hint" dir="auto">
        {t(rows === 1 ? 'export.row' : 'export.rows', { rows: formatNumber(rows) })} {describe(job.query)}
      </span>
      <Button onClick={() => running.current?.abort()}>{t('cancel')}</Button>
    </span>
  );
}
