import { CalendarOff, CalendarPlus, CalendarX, Ellipsis, Pencil, Radio, UserX } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { CourseDetail, LectureView } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { saveFile } from '../app/saveFile.ts';
import { Button, ButtonLink, Dialog, EmptyState, Menu, SkeletonList } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { CancelLectureDialog } from '../schedule/CancelLectureDialog.tsx';
import { HolidaysDialog } from '../schedule/HolidaysDialog.tsx';
import { text } from '../text/index.ts';
import { LectureDialog } from './LectureDialog.tsx';
import { LectureRow } from './LectureRow.tsx';
import { removalsFromLecture } from './removals.ts';
import { RemovedPeople } from './RemovedPeople.tsx';
import { StartDialog } from './StartDialog.tsx';

const refreshMs = 15_000;
const noPosters: ReadonlyMap<string, string> = new Map();
/** Upcoming lectures shown at first: a series may have many. */
const firstUpcoming = 8;
type OpenDialog = { kind: 'start' | 'schedule' | 'holidays' } | { kind: 'change' | 'cancel' | 'removed'; lecture: LectureView };

/** The live, upcoming and past lectures of a course with their actions. */
export function LectureList({ course, onChanged }: { course: CourseDetail; onChanged: () => void }) {
  const [dialog, setDialog] = useState<OpenDialog>();
  const { data, error, reload } = useLoaded((signal) => api.listLectures({ params: { courseId: course.id } }, { signal }), [course.id]);
  usePolling(reload, refreshMs);
  const posters = usePosters(course.id, data?.lectures ?? []);
  const canPresent = may(course.role ?? undefined, 'lecture.present');

  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList />;
  const live = data.lectures.filter((lecture) => lecture.state === 'live' || lecture.state === 'interrupted');
  const upcoming = data.lectures.filter((lecture) => lecture.state === 'scheduled').sort(byMoment);
  const past = data.lectures.filter((lecture) => lecture.state === 'ended');
  const changed = () => {
    setDialog(undefined);
    reload();
    onChanged();
  };
  return (
    <>
      {canPresent ? (
        <div class="row">
          <Button variant={live.length > 0 ? 'secondary' : 'primary'} disabled={live.length > 0} onClick={() => setDialog({ kind: 'start' })}>
            <Radio aria-hidden="true" size={20} />
            {text.course.goLive}
          </Button>
          <Button onClick={() => setDialog({ kind: 'schedule' })}>
            <CalendarPlus aria-hidden="true" size={20} />
            {text.course.schedule}
          </Button>
          <Button variant="quiet" onClick={() => setDialog({ kind: 'holidays' })}>
            <CalendarOff aria-hidden="true" size={20} />
            {text.schedule.holidays}
          </Button>
        </div>
      ) : null}
      {data.lectures.length === 0 ? (
        <EmptyState title={text.course.nothingTitle}>{canPresent ? text.course.nothingOwner : text.course.nothingStudent}</EmptyState>
      ) : null}
      <Group title={text.course.liveNow} lectures={live} canPresent={canPresent} onOpen={setDialog} />
      <Group title={text.course.upcoming} lectures={upcoming} most={firstUpcoming} canPresent={canPresent} onOpen={setDialog} />
      <Group title={text.course.past} lectures={past} canPresent={canPresent} posters={posters} onOpen={setDialog} />
      <OpenedDialog dialog={dialog} course={course} onClose={() => setDialog(undefined)} onDone={changed} />
    </>
  );
}

/** Poster URLs by video id. Loaded again only when another lecture has a video, so that the images do not flicker. */
function usePosters(courseId: string, lectures: readonly LectureView[]): ReadonlyMap<string, string> {
  const recorded = lectures.filter((lecture) => lecture.state === 'ended' && lecture.videoId).length;
  const { data } = useLoaded(async (signal) => {
    if (recorded === 0) return new Map<string, string>();
    const { videos } = await api.listVideos({ params: { courseId } }, { signal });
    return new Map(videos.flatMap(({ id, posterUrl }) => (posterUrl ? [[id, posterUrl] as const] : [])));
  }, [courseId, recorded]);
  return data ?? noPosters;
}

interface GroupProps {
  title: string;
  lectures: readonly LectureView[];
  canPresent: boolean;
  posters?: ReadonlyMap<string, string>;
  /** Shown at first. */
  most?: number;
  onOpen: (dialog: OpenDialog) => void;
}

function Group({ title, lectures, canPresent, posters, most, onOpen }: GroupProps) {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? lectures : lectures.slice(0, most ?? lectures.length);
  if (lectures.length === 0) return null;
  return (
    <section class="section">
      <h2>{title}</h2>
      <ul class="list">
        {shown.map((lecture) => (
          <LectureRow
            key={lecture.id}
            lecture={lecture}
            isCourseKnown
            {...(posters && lecture.videoId ? { poster: { videoId: lecture.videoId, url: posters.get(lecture.videoId) } } : {})}
            actions={<Actions lecture={lecture} canPresent={canPresent} onOpen={onOpen} />}
          />
        ))}
      </ul>
      {shown.length < lectures.length ? (
        <div>
          <Button onClick={() => setOpen(true)}>{text.schedule.showAll(lectures.length)}</Button>
        </div>
      ) : null}
    </section>
  );
}

function Actions({ lecture, canPresent, onOpen }: { lecture: LectureView; canPresent: boolean; onOpen: (dialog: OpenDialog) => void }) {
  if (lecture.state === 'ended') {
    return (
      <>
        {lecture.videoId ? <ButtonLink href={paths.watch(lecture.videoId)}>{text.course.replay}</ButtonLink> : null}
        {canPresent ? <StartedMenu lecture={lecture} onOpen={onOpen} /> : null}
      </>
    );
  }
  if (lecture.state === 'scheduled') return <ScheduledActions lecture={lecture} canPresent={canPresent} onOpen={onOpen} />;
  return (
    <>
      {lecture.videoId && !canPresent ? <ButtonLink href={paths.watch(lecture.videoId)}>{text.course.watchFromStart}</ButtonLink> : null}
      <ButtonLink variant="primary" href={canPresent ? paths.studio(lecture.id) : paths.live(lecture.id)}>
        {canPresent ? text.course.openStudio : text.course.joinLive}
      </ButtonLink>
      {canPresent ? <StartedMenu lecture={lecture} onOpen={onOpen} /> : null}
    </>
  );
}

function StartedMenu({ lecture, onOpen }: { lecture: LectureView; onOpen: (dialog: OpenDialog) => void }) {
  return (
    <Menu
      label={text.course.lectureMenu(lecture.title)}
      isIconOnly
      trigger={<Ellipsis aria-hidden="true" />}
      items={[{ key: 'removed', label: text.course.removedTitle, icon: <UserX aria-hidden="true" />, onSelect: () => onOpen({ kind: 'removed', lecture }) }]}
    />
  );
}

function ScheduledActions({ lecture, canPresent, onOpen }: { lecture: LectureView; canPresent: boolean; onOpen: (dialog: OpenDialog) => void }) {
  const addToCalendar = useToastedAction(async () => {
    const { fileName, calendar } = await api.getLectureCalendar({ params: { lectureId: lecture.id } });
    saveFile(new Blob([calendar], { type: 'text/calendar;charset=utf-8' }), fileName);
  });
  const calendar: MenuItem = { key: 'calendar', label: text.schedule.addToCalendar, icon: <CalendarPlus aria-hidden="true" />, onSelect: () => addToCalendar.run() };
  const ofPresenters: MenuItem[] = [
    { key: 'change', label: text.course.edit, icon: <Pencil aria-hidden="true" />, onSelect: () => onOpen({ kind: 'change', lecture }) },
    { key: 'cancel', label: text.course.cancelLecture, icon: <CalendarX aria-hidden="true" />, isDanger: true, onSelect: () => onOpen({ kind: 'cancel', lecture }) },
  ];
  const items = [...(lecture.scheduledAt === null ? [] : [calendar]), ...(canPresent ? ofPresenters : [])];
  return (
    <>
      {canPresent ? <ButtonLink href={paths.studio(lecture.id)}>{text.course.openStudio}</ButtonLink> : null}
      {items.length > 0 ? <Menu label={text.course.lectureMenu(lecture.title)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={items} /> : null}
    </>
  );
}

interface OpenedDialogProps {
  dialog: OpenDialog | undefined;
  course: CourseDetail;
  onClose: () => void;
  onDone: () => void;
}

function OpenedDialog({ dialog, course, onClose, onDone }: OpenedDialogProps) {
  const { route } = useLocation();
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'start':
      return <StartDialog courseId={course.id} onClose={onClose} onStarted={(lecture) => route(paths.studio(lecture.id))} />;
    case 'schedule':
      return <LectureDialog courseId={course.id} onClose={onClose} onDone={onDone} />;
    case 'change':
      return <LectureDialog courseId={course.id} lecture={dialog.lecture} onClose={onClose} onDone={onDone} />;
    case 'removed':
      return (
        <Dialog title={dialog.lecture.title} onClose={onClose}>
          <RemovedPeople removals={removalsFromLecture(dialog.lecture.id)} heading="h3" emptyText={text.room.nobodyRemoved} />
        </Dialog>
      );
    case 'holidays':
      return <HolidaysDialog courseId={course.id} onClose={onClose} onDone={onDone} />;
    case 'cancel':
      return <CancelLectureDialog lecture={dialog.lecture} onClose={onClose} onDone={onDone} />;
  }
}

function byMoment(a: LectureView, b: LectureView): number {
  return (a.scheduledAt ?? '').localeCompare(b.scheduledAt ?? '');
}
