import { UserPlus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { PeopleQuery, SitePerson } from '#api/contract';
import { NewAccountDialog } from '../account/NewAccountDialog.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { useSettled } from '../app/useSettled.ts';
import { Avatar, Badge, Button, EmptyState, Select, SkeletonList, TextField } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { Column } from './DataTable.tsx';
import { DataTable } from './DataTable.tsx';
import { Pager } from './Pager.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { usePager } from './usePager.ts';

const dayMs = 24 * 3600_000;
const seenChoices = { any: undefined, today: ['seenSince', 1], month: ['seenSince', 30], notMonth: ['notSeenSince', 30], notYear: ['notSeenSince', 365] } as const;
type Seen = keyof typeof seenChoices;

interface Filters {
  search: string;
  role: string;
  state: string;
  seen: Seen;
}

const unfiltered: Filters = { search: '', role: '', state: 'any', seen: 'any' };

/** All accounts. */
export function PeopleSection() {
  const [filters, setFilters] = useState(unfiltered);
  const [isCreating, setCreating] = useState(false);
  const search = useSettled(filters.search.trim());
  const pages = usePager((cursor, signal) => api.listPeople({ query: { ...queryOf({ ...filters, search }), cursor } }, { signal }), Object.values({ ...filters, search }));
  const { data, error, reload } = pages;
  const isFiltered = JSON.stringify(filters) !== JSON.stringify(unfiltered);
  return (
    <section class="stack" aria-label={text.administration.sections.people}>
      <p class="quiet">{text.admin.intro}</p>
      <div class="row">
        <Button onClick={() => setCreating(true)}>
          <UserPlus aria-hidden="true" />
          {text.admin.create}
        </Button>
      </div>
      {isCreating ? <NewAccountDialog onCreated={reload} onClose={() => setCreating(false)} /> : null}
      <FilterFields filters={filters} onFilters={setFilters} />
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={6} height="3.5rem" />}
      {data?.people.length === 0 ? <EmptyState title={isFiltered ? text.administration.none : text.administration.people.empty} /> : null}
      {data && data.people.length > 0 ? <DataTable label={text.administration.sections.people} columns={columnsWith(reload)} rows={data.people} keyOf={({ id }) => id} /> : null}
      <Pager pages={pages} />
    </section>
  );
}

function FilterFields({ filters, onFilters }: { filters: Filters; onFilters: (filters: Filters) => void }) {
  const words = text.administration.people;
  const roles = [{ value: '', label: words.anyRole }, ...Object.entries(text.admin.roles).map(([value, label]) => ({ value, label }))];
  const choicesOf = (labels: Readonly<Record<string, string>>) => Object.entries(labels).map(([value, label]) => ({ value, label }));
  return (
    <div class="filters">
      <TextField label={text.admin.search} type="search" value={filters.search} onValue={(search) => onFilters({ ...filters, search })} />
      <Select label={words.role} value={filters.role} choices={roles} onValue={(role) => onFilters({ ...filters, role })} />
      <Select label={words.state} value={filters.state} choices={choicesOf(words.states)} onValue={(state) => onFilters({ ...filters, state })} />
      <Select label={words.seen} value={filters.seen} choices={choicesOf(words.seenChoices)} onValue={(seen) => onFilters({ ...filters, seen: seen as Seen })} />
    </div>
  );
}

function queryOf({ search, role, state, seen }: Filters): Partial<PeopleQuery> {
  const period = seenChoices[seen];
  return {
    search: search.trim() || undefined,
    role: role === '' ? undefined : (role as PeopleQuery['role']),
    state: state === 'any' ? undefined : (state as PeopleQuery['state']),
    ...(period && { [period[0]]: new Date(serverClock.nowMs() - period[1] * dayMs).toISOString() }),
  };
}

function columnsWith(reload: () => void): readonly Column<SitePerson>[] {
  return [
    { key: 'person', label: text.administration.people.person, isHead: true, cell: (person) => <PersonCell person={person} /> },
    { key: 'role', label: text.administration.people.role, cell: (person) => <PersonBadges person={person} /> },
    { key: 'seen', label: text.administration.people.seen, cell: ({ lastSeenAt }) => (lastSeenAt === null ? text.administration.people.never : formatDateTime(lastSeenAt)) },
    { key: 'joined', label: text.administration.people.joined, cell: ({ createdAt }) => formatDateTime(createdAt) },
    { key: 'actions', label: '', isMenu: true, cell: (person) => <PersonMenu person={person} onChanged={reload} /> },
  ];
}

function PersonCell({ person: { id, displayName, email, avatarId } }: { person: SitePerson }) {
  return (
    <div class="person">
      <Avatar name={displayName} imageId={avatarId} />
      <div>
        <a href={paths.person(id)} dir="auto">
          {displayName}
        </a>
        <div class="small quiet">{email}</div>
      </div>
    </div>
  );
}

export function PersonBadges({ person: { roles, isDeactivated, isAddressVerified } }: { person: Pick<SitePerson, 'roles' | 'isDeactivated' | 'isAddressVerified'> }) {
  return (
    <div class="row-tight">
      {roles.map((role) => (
        <Badge key={role} tone={role === 'student' ? 'normal' : 'good'}>
          {text.admin.roles[role]}
        </Badge>
      ))}
      {isDeactivated ? <Badge tone="warning">{text.admin.deactivated}</Badge> : null}
      {isAddressVerified ? null : <Badge>{text.administration.people.unverified}</Badge>}
    </div>
  );
}
