import { Button } from '@fluentui/react-button';
import { Input } from '@fluentui/react-input';
import { Menu, MenuItemCheckbox, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-menu';
import { Select } from '@fluentui/react-select';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { may, userStore } from '../../api/session';
import { useStore } from '../../api/store';
import { formatNumber, t } from '../../app/messages';
import { keepEntryState, navigate } from '../../app/router';
import { fetchResellers, resellerKeys } from '../resellers/api';
import type { CustomerQuery } from './api';
import { customerKeys, fetchCount } from './api';
import { COLUMNS, keepColumns, readColumns } from './columns';
import { ExportButton } from './export-button';
import { CustomerGrid } from './grid';

const AddCustomer = lazy(() => import('./add'));
const TYPING_PAUSE_MS = 200;

type Field = 'name' | 'domain' | 'reseller';
const FIELDS: readonly Field[] = ['name', 'domain', 'reseller'];

export function queryOf(parameters: URLSearchParams): CustomerQuery {
  for (const field of FIELDS) {
    const value = parameters.get(field)?.trim();
    if (value) return { [field]: value };
  }
  return {};
}

function search(field: Field, value: string) {
  const wanted = value.trim();
  const to = wanted ? `/customers?${new URLSearchParams({ [field]: wanted })}` : '/customers';
  if (to === location.pathname + location.search) return;
  keepEntryState(null);
  navigate(to, { replace: true });
}

function Search({ query }: { query: CustomerQuery }) {
  const asked = FIELDS.find((name) => query[name]);
  const [field, setField] = useState<Field>(asked ?? 'name');
  const value = query[field] ?? '';
  const [text, setText] = useState(value);
  const timer = useRef(0);
  // The address may change by other hands: back, forward, a link.
  useEffect(() => {
    if (asked) setField(asked);
    const wanted = asked ? (query[asked] ?? '') : '';
    // A blank that was typed may be followed by more.
    setText((typed) => (typed.trim() === wanted ? typed : wanted));
  }, [asked, asked && query[asked]]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const type = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => search(field, next), TYPING_PAUSE_MS);
  };
  const change = (next: Field) => {
    setField(next);
    if (value) search(next, next === 'reseller' || field === 'reseller' ? '' : text);
  };
  return (
    <search className="search">
      <Select aria-label={t('customers.searchBy')} value={field} onChange={(_, data) => change(data.value as Field)}>
        <option value="name">{t('customer.name')}</option>
        <option value="domain">{t('customer.domain')}</option>
        <option value="reseller">{t('customer.reseller')}</option>
      </Select>
      {field === 'reseller' ? (
        <ResellerChoice value={value} onChange={(id) => search('reseller', id)} />
      ) : (
        <Input
          type="search"
          aria-label={t('customers.search')}
          placeholder={t('customers.search')}
          value={text}
          onChange={(_, data) => type(data.value)}
        />
      )}
    </search>
  );
}

function ResellerChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data } = useQuery({ queryKey: resellerKeys.list, queryFn: ({ signal }) => fetchResellers(signal) });
  return (
    <Select aria-label={t('customer.reseller')} value={value} onChange={(_, chosen) => onChange(chosen.value)}>
      <option value="">{data?.length === 0 ? t('resellers.none') : t('resellers.choose')}</option>
      {data?.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function ColumnChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (names: readonly string[]) => void }) {
  return (
    <Menu inline checkedValues={{ columns: [...chosen] }} onCheckedValueChange={(_, { checkedItems }) => onChange(checkedItems)}>
      <MenuTrigger disableButtonEnhancement>
        <Button>{t('customers.columns')}</Button>
      </MenuTrigger>
      <MenuPopover className="menu">
        <MenuList>
          {COLUMNS.map(({ name, title }) => (
            <MenuItemCheckbox key={name} name="columns" value={name}>
              {t(title)}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

export function CustomersPage({ parameters }: { parameters: URLSearchParams }) {
  const query = queryOf(parameters);
  const user = useStore(userStore);
  const [columns, setColumns] = useState(readColumns);
  const [adding, setAdding] = useState(false);
  const count = useQuery({ queryKey: customerKeys.count(query), queryFn: ({ signal }) => fetchCount(query, signal) });
  const chooseColumns = (names: readonly string[]) => {
    setColumns(names);
    keepColumns(names);
  };
  return (
    <>
      <div className="page-head">
        <h1>{t('customers.title')}</h1>
        <span className="hint" role="status">
          {count.isSuccess && t('customers.total', { count: count.data === undefined ? t('customers.many') : formatNumber(count.data) })}
        </span>
      </div>
      <div className="tools">
        <Search query={query} />
        <ColumnChoice chosen={columns} onChange={chooseColumns} />
        <ExportButton query={query} total={count.data} />
        {may(user, 'AdminAgents', 'SalesAgents') && (
          <Button appearance="primary" onClick={() => setAdding(true)}>
            {t('customers.add')}
          </Button>
        )}
      </div>
      <CustomerGrid
        key={JSON.stringify(query)}
        query={query}
        columns={COLUMNS.filter(({ name }) => columns.includes(name))}
        total={count.data}
      />
      {adding && (
        <Suspense>
          <AddCustomer onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
