import { Ellipsis, Tags, UserMinus, UserPlus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CourseDetail, Enrolment, Group } from '#api/contract';
import { may } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { usePolling } from '../app/useLoaded.ts';
import { Badge, Button, ConfirmDialog, Menu, Select, showToast, TextField } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import { GroupDialog } from './GroupDialog.tsx';
import { ListOfPeople, PersonRow } from './ListOfPeople.tsx';
import { saveFile } from '../app/saveFile.ts';
import { usePages } from './usePages.ts';

const refreshMs = 15_000;

interface Filters {
  search: string;
  role: string;
  group: string;
}

interface MemberListProps {
  course: CourseDetail;
  groups: readonly Group[];
  /** Loads the list again when it changes. */
  version?: number;
  onChanged: () => void;
}

/** The members of a course: searched, filtered, with their roles and groups. */
export function MemberList({ course, groups, version, onChanged }: MemberListProps) {
  const [filters, setFilters] = useState<Filters>({ search: '', role: '', group: '' });
  const { search, role, group } = filters;
  const query = { ...(search.trim() && { search: search.trim() }), ...(role && { role: role as CourseRole }), ...(group && { group }) };
  const pages = usePages(
    async (cursor, signal) => {
      const { enrolments: rows, total, nextCursor } = await api.listEnrolments({ params: { courseId: course.id }, query: { ...query, ...(cursor && { cursor }) } }, { signal });
      return { rows, total, nextCursor };
    },
    [course.id, search, role, group, version],
  );
  usePolling(pages.reload, refreshMs);
  const reload = () => {
    pages.reload();
    onChanged();
  };
  const isFiltered = Object.keys(query).length > 0;
  const isAlone = !isFiltered && pages.data?.total === 1;
  return (
    <div class="stack">
      <MemberFilters filters={filters} groups={groups} onFilters={setFilters} />
      <div class="section__head">
        <h2>{pages.data?.total === undefined ? text.course.people : text.course.peopleCount(pages.data.total)}</h2>
        <DownloadButton courseId={course.id} />
      </div>
      <ListOfPeople pages={pages} emptyText={text.enrolment.nobodyFound}>
        {(who) => <Member key={who.userId} who={who} course={course} groups={groups} onChanged={reload} />}
      </ListOfPeople>
      {isAlone ? (
        <div class="stack-tight">
          <p class="empty__title">{text.course.noPeopleTitle}</p>
          <p class="quiet">{text.course.noPeople}</p>
        </div>
      ) : null}
    </div>
  );
}

function MemberFilters({ filters, groups, onFilters }: { filters: Filters; groups: readonly Group[]; onFilters: (filters: Filters) => void }) {
  const roles = (['owner', 'assistant', 'student'] as const).map((value) => ({ value, label: text.course.roles[value] }));
  const named = groups.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <div class="people-filters">
      <TextField label={text.enrolment.search} type="search" value={filters.search} onValue={(search) => onFilters({ ...filters, search })} />
      <Select label={text.enrolment.role} value={filters.role} choices={[{ value: '', label: text.enrolment.allRoles }, ...roles]} onValue={(role) => onFilters({ ...filters, role })} />
      {named.length > 0 ? (
        <Select
          label={text.enrolment.group}
          value={filters.group}
          choices={[{ value: '', label: text.enrolment.allGroups }, ...named, { value: 'none', label: text.enrolment.noGroup }]}
          onValue={(group) => onFilters({ ...filters, group })}
        />
      ) : null}
    </div>
  );
}

function DownloadButton({ courseId }: { courseId: string }) {
  const download = useToastedAction(async () => saveFile(await api.exportEnrolments({ params: { courseId } }), text.enrolment.downloadName));
  return (
    <Button variant="quiet" isBusy={download.isBusy} onClick={() => download.run()}>
      {text.enrolment.download}
    </Button>
  );
}

function Member({ who, course, groups, onChanged }: { who: Enrolment } & MemberListProps) {
  const [open, setOpen] = useState<'removal' | 'group'>();
  const canEdit = may(course.role ?? undefined, 'course.edit');
  const groupName = groups.find(({ id }) => id === who.groupId)?.name;
  const items = useMenu(who, { course, hasGroups: groups.length > 0, onChanged, onOpen: setOpen });
  const remove = useToastedAction(async () => {
    await api.removeEnrolment({ params: { courseId: course.id, userId: who.userId } });
    setOpen(undefined);
    showToast({ text: text.course.removed(who.displayName) });
    onChanged();
  });
  return (
    <PersonRow name={who.displayName} imageId={who.avatarId} details={<div class="small quiet">{who.email}</div>}>
      {groupName ? <Badge>{groupName}</Badge> : null}
      {who.role === 'student' ? null : <Badge tone="good">{text.course.roles[who.role]}</Badge>}
      {items.length > 0 ? <Menu label={text.course.personMenu(who.displayName)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={items} /> : null}
      {open === 'removal' ? (
        <ConfirmDialog
          title={text.course.removeTitle(who.displayName)}
          message={text.course.removeMessage}
          confirmLabel={text.course.remove}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run()}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {open === 'group' && canEdit ? <GroupDialog courseId={course.id} who={who} groups={groups} onChanged={onChanged} onClose={() => setOpen(undefined)} /> : null}
    </PersonRow>
  );
}

interface MenuOptions {
  course: CourseDetail;
  hasGroups: boolean;
  onChanged: () => void;
  onOpen: (dialog: 'removal' | 'group') => void;
}

function useMenu(who: Enrolment, { course, hasGroups, onChanged, onOpen }: MenuOptions): MenuItem[] {
  const role = course.role ?? undefined;
  const other = who.role === 'student' ? 'assistant' : 'student';
  const change = useToastedAction(async () => {
    await api.setEnrolmentRole({ params: { courseId: course.id, userId: who.userId }, body: { role: other } });
    showToast({ text: text.course.roleChanged(who.displayName) });
    onChanged();
  });
  const promote: MenuItem = {
    key: 'role',
    label: other === 'assistant' ? text.course.makeAssistant : text.course.makeStudent,
    icon: <UserPlus aria-hidden="true" />,
    onSelect: () => change.run(),
  };
  const group: MenuItem = { key: 'group', label: text.enrolment.setGroup, icon: <Tags aria-hidden="true" />, onSelect: () => onOpen('group') };
  const out: MenuItem = { key: 'remove', label: text.course.remove, icon: <UserMinus aria-hidden="true" />, isDanger: true, onSelect: () => onOpen('removal') };
  const isOwner = who.role === 'owner';
  return [...(may(role, 'course.edit') && !isOwner ? [promote] : []), ...(may(role, 'course.edit') && hasGroups ? [group] : []), ...(may(role, 'enrolment.remove') && !isOwner ? [out] : [])];
}
