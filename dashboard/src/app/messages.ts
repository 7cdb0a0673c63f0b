/** Texts, by language: one file each in messages/. English is built in; what another lacks is shown in English. */
import en from '../messages/en.json';

export type MessageKey = keyof typeof en;

const others = import.meta.glob<Record<string, string>>(['../messages/*.json', '!../messages/en.json'], { import: 'default' });
let texts: Record<string, string> = en;

/** How the user writes dates and numbers. */
export const locale = navigator.language;

export async function loadMessages() {
  for (const wanted of navigator.languages) {
    const language = wanted.split('-')[0] ?? wanted;
    const load = others[`../messages/${language}.json`];
    if (load) texts = await load();
    if (load || language === 'en') {
      document.documentElement.lang = language;
      return;
    }
  }
}

/** There is a text for it. */
export const isMessageKey = (key: string): key is MessageKey => key in en;

export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const text = texts[key] ?? en[key];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

const numbers = new Intl.NumberFormat(locale);
const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const regions = new Intl.DisplayNames(locale, { type: 'region' });

export const formatNumber = (value: number) => numbers.format(value);
export const formatMoment = (iso: string) => moments.format(new Date(iso));
export const countryName = (code: string) => regions.of(code) ?? code;
