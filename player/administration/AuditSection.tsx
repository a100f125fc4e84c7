import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { AuditAction } from '#api/contract';
import type { AuditEntry } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { ButtonLink, EmptyState, Notice, Select, SkeletonList, TextField } from '../design/index.ts';
import { formatDateTime, fromLocalInput } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { Column } from './DataTable.tsx';
import { DataTable } from './DataTable.tsx';
import { Pager } from './Pager.tsx';
import type { Paged } from './usePager.ts';
import { usePager } from './usePager.ts';

interface AuditListProps {
  /** Only what was done by, or to, the person, course or thing with this id. */
  actorId?: string | undefined;
  targetId?: string | undefined;
}

/** The audit log with its filters. `?target=` and `?actor=` narrow it down to one person or thing. */
export function AuditSection() {
  const { query } = useLocation();
  const only = query.target ?? query.actor;
  return (
    <section class="stack" aria-label={text.administration.sections.audit}>
      <p class="quiet">{text.administration.audit.intro}</p>
      {only === undefined ? null : (
        <Notice action={<ButtonLink href={paths.administrationSection('audit')}>{text.administration.audit.all}</ButtonLink>}>{text.administration.audit.only(query.name ?? only)}</Notice>
      )}
      <AuditList key={only} actorId={query.actor} targetId={query.target} />
    </section>
  );
}

export function AuditList({ actorId, targetId }: AuditListProps) {
  const [action, setAction] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const query = { actorId, targetId, action: AuditAction.safeParse(action).data, from: fromLocalInput(from) ?? undefined, to: fromLocalInput(to) ?? undefined };
  const pages = usePager((cursor, signal) => api.listAudit({ query: { ...query, cursor } }, { signal }), Object.values(query));
  const actions = [{ value: '', label: text.administration.audit.anyAction }, ...AuditAction.options.map((value) => ({ value, label: text.auditActions[value] }))];
  const isFiltered = action !== '' || from !== '' || to !== '';
  return (
    <>
      <div class="filters">
        <Select label={text.administration.audit.action} value={action} choices={actions} onValue={setAction} />
        <TextField label={text.administration.audit.from} type="datetime-local" value={from} onValue={setFrom} />
        <TextField label={text.administration.audit.to} type="datetime-local" value={to} onValue={setTo} />
      </div>
      <AuditPage pages={pages} emptyTitle={isFiltered ? text.administration.none : text.administration.audit.empty} />
      <Pager pages={pages} />
    </>
  );
}

function AuditPage({ pages: { data, error, reload }, emptyTitle }: { pages: Pick<Paged<{ entries: AuditEntry[] }>, 'data' | 'error' | 'reload'>; emptyTitle: string }) {
  if (error && !data) return <LoadFailure error={error} onRetry={reload} />;
  if (!data) return <SkeletonList rows={6} height="3rem" />;
  return data.entries.length === 0 ? <EmptyState title={emptyTitle} /> : <AuditTable entries={data.entries} />;
}

export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  return <DataTable label={text.administration.sections.audit} columns={columns()} rows={entries} keyOf={({ id }) => id} />;
}

const columns = (): readonly Column<AuditEntry>[] => [
  { key: 'when', label: text.administration.audit.when, cell: ({ at }) => <time dateTime={at}>{formatDateTime(at)}</time> },
  { key: 'who', label: text.administration.audit.who, cell: ({ actor }) => <PersonName id={actor.id} name={actor.name} /> },
  { key: 'what', label: text.administration.audit.what, cell: ({ action }) => text.auditActions[action], isHead: true },
  { key: 'whom', label: text.administration.audit.whom, cell: ({ target }) => <Target target={target} /> },
  { key: 'course', label: text.administration.audit.course, cell: ({ course, target }) => (course && course.id !== target.id ? <span dir="auto">{course.name ?? text.administration.audit.gone}</span> : null) },
  { key: 'details', label: text.administration.audit.details, cell: (entry) => <Changes entry={entry} /> },
];

function PersonName({ id, name }: { id: string; name: string | null }) {
  if (id.startsWith('anon_')) return <span class="quiet">{text.administration.audit.erased}</span>;
  return (
    <a href={paths.person(id)} dir="auto">
      {name ?? id}
    </a>
  );
}

function Target({ target: { kind, id, name } }: { target: AuditEntry['target'] }) {
  if (kind === 'user') return <PersonName id={id} name={name} />;
  if (kind === 'site') return text.administration.audit.kinds.site;
  return (
    <>
      {text.administration.audit.kinds[kind]} {name === null ? null : <span dir="auto">{name}</span>}
    </>
  );
}

function Changes({ entry: { changes, addressGroup, requestId } }: { entry: AuditEntry }) {
  return (
    <details>
      <summary class="small">{Object.keys(changes).length > 0 ? Object.keys(changes).filter((field) => !field.endsWith('Before')).join(', ') : text.administration.audit.details}</summary>
      <dl class="data__changes">
        {Object.entries(changes).map(([field, value]) => (
          <>
            <dt>{field}</dt>
            <dd dir="auto">{shown(value)}</dd>
          </>
        ))}
      </dl>
      <p class="small quiet">
        {text.administration.audit.address(addressGroup)} · {text.administration.audit.request(requestId)}
      </p>
    </details>
  );
}

function shown(value: AuditEntry['changes'][string]): string {
  if (Array.isArray(value)) return value.length === 0 ? text.administration.audit.nothing : value.map(shown).join(', ');
  if (value === null || value === '') return text.administration.audit.nothing;
  return typeof value === 'boolean' ? (value ? text.administration.audit.yes : text.administration.audit.no) : String(value);
}
