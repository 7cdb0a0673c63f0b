/** Days as the user has them, `2020-09-02`; the service is asked for moments. */
const twoDigits = (number: number) => String(number).padStart(2, '0');

/** So many days before today. */
export function dayBefore(days: number, now = new Date()): string {
  const then = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  return `${then.getFullYear()}-${twoDigits(then.getMonth() + 1)}-${twoDigits(then.getDate())}`;
}

/** The moments between which these days lie; undefined: one is no day. */
export function momentsOf(from: string, to: string): { readonly start: Date; readonly end: Date } | undefined {
  const start = new Date(`${from}T00:00`);
  const end = new Date(`${to}T00:00`);
  end.setDate(end.getDate() + 1);
  return Number.isNaN(start.getTime()) || Number.isNaN(end.getTime()) ? undefined : { start, end };
}

/** The last moment before this one that the service tells apart. */
export const lastBefore = (end: Date) => new Date(end.getTime() - 1).toISOString().replace('Z', '9999Z');
