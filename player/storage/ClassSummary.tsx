import type { StorageDay } from '#api/contract';
import { DataTable } from '../administration/DataTable.tsx';
import type { Column } from '../administration/DataTable.tsx';
import { LinePlot } from '../plots/LinePlot.tsx';
import { formatBytes, formatMoment, formatNumber, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { formatCost } from './formatCost.ts';
import './storage.css';

export const storageClasses = ['standard', 'infrequent', 'archive'] as const;
type ClassName = (typeof storageClasses)[number];

interface Amounts extends Record<ClassName, number> {
  bytes: number;
  videos: number;
  monthlyCost: number | null;
}

interface ClassSummaryProps {
  total: Amounts;
  prices: Record<ClassName, number | null>;
  currency: string;
}

interface Row {
  key: ClassName;
  bytes: number;
  cost: number | null;
}

const gibibyte = 2 ** 30;

/** What is stored in each class: a bar, and the figures. */
export function ClassSummary({ total, prices, currency }: ClassSummaryProps) {
  const words = text.storage;
  const rows = storageClasses.map((key): Row => ({ key, bytes: total[key], cost: prices[key] === null ? null : (total[key] / gibibyte) * prices[key] }));
  const hasPrices = rows.some(({ cost }) => cost !== null);
  const columns: readonly Column<Row>[] = [
    { key: 'class', label: words.class, isHead: true, cell: ({ key }) => <span class={`storage-key storage-key--${key}`}>{words.classes[key]}</span> },
    { key: 'size', label: text.administration.storage.size, isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
    { key: 'share', label: text.administration.storage.share, isNumber: true, cell: ({ bytes }) => (total.bytes === 0 ? null : formatPercent(bytes / total.bytes)) },
    ...(hasPrices ? [{ key: 'cost', label: words.cost, isNumber: true, cell: ({ cost }: Row) => (cost === null ? <span class="quiet">{words.noPrice}</span> : formatCost(cost, currency)) }] : []),
  ];
  return (
    <>
      <p>
        <strong>{words.totalOf(formatBytes(total.bytes), formatNumber(total.videos))}</strong>
        {total.monthlyCost === null ? null : ` · ${words.cost}: ${formatCost(total.monthlyCost, currency)}`}
      </p>
      <div class="storage-bar" aria-hidden="true">
        {rows.filter(({ bytes }) => bytes > 0).map(({ key, bytes }) => (
          <span key={key} class={`storage-bar__part storage-bar__part--${key}`} style={{ flexGrow: bytes }} />
        ))}
      </div>
      <DataTable label={words.class} columns={columns} rows={rows} keyOf={({ key }) => key} />
    </>
  );
}

/** How much the site has stored, day by day. */
export function StorageHistory({ days }: { days: readonly StorageDay[] }) {
  const words = text.storage;
  if (days.length < 2) return null;
  const colors = { standard: '--color-accent', infrequent: '--color-text-quiet', archive: '--color-text' } as const;
  const sums = storageClasses.map((key) => days.map((day) => day[key]));
  // The first series has the scale: the sum of all.
  const total = { label: words.total, color: colors.archive, values: days.map((_, at) => sums.reduce((sum, values) => sum + (values[at] ?? 0), 0)), format: formatBytes };
  const series = [total, ...storageClasses.slice(0, 2).map((key, at) => ({ label: words.classes[key], color: colors[key], values: sums[at] ?? [], format: formatBytes }))];
  return (
    <section class="stack">
      <h2>{words.overTime}</h2>
      <LinePlot label={words.overTime} timesMs={days.map(({ day }) => Date.parse(day))} series={series} isSharedScale formatMs={(ms) => formatMoment(ms, { day: 'numeric', month: 'short', timeZone: 'UTC' })} />
    </section>
  );
}
