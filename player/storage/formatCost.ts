import { regionalLocale } from '../text/format.ts';

/** `€12.30`; a small amount keeps two digits that count. */
export function formatCost(amount: number, currency: string): string {
  const maximumFractionDigits = amount > 0 && amount < 1 ? 4 : 2;
  return amount.toLocaleString(regionalLocale(), { style: 'currency', currency, maximumFractionDigits });
}
