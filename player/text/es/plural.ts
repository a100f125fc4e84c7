const rules = new Intl.PluralRules('es');

export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('es')} ${rules.select(count) === 'one' ? one : many}`;
}
