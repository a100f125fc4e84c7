import { CalendarPlus, CalendarX, Ellipsis, Pencil, Radio } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { CourseDetail, LectureView } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, useRefreshing } from '../app/useLoaded.ts';
import { Button, ButtonLink, ConfirmDialog, EmptyState, Menu, showToast, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import { LectureDialog } from './LectureDialog.tsx';
import { LectureRow } from './LectureRow.tsx';
import { StartDialog } from './StartDialog.tsx';

const refreshMs = 15_000;
const noPosters: ReadonlyMap<string, string> = new Map();
type Asked = { kind: 'start' } | { kind: 'schedule' } | { kind: 'change' | 'cancel'; lecture: LectureView };

/** Live, coming and past lectures of a course, each with what can be done with it. */
export function LectureList({ course, onChanged }: { course: CourseDetail; onChanged: () => void }) {
  const [asked, setAsked] = useState<Asked>();
  const { data, error, reload } = useLoaded((signal) => api.listLectures({ params: { courseId: course.id } }, { signal }), [course.id]);
  useRefreshing(reload, refreshMs);
  const posters = usePosters(course.id, data?.lectures ?? []);
  const presents = may(course.role ?? undefined, 'lecture.present');

  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList />;
  const live = data.lectures.filter((lecture) => lecture.state === 'live' || lecture.state === 'interrupted');
  const coming = data.lectures.filter((lecture) => lecture.state === 'scheduled').sort(byMoment);
  const past = data.lectures.filter((lecture) => lecture.state === 'ended');
  const changed = () => {
    setAsked(undefined);
    reload();
    onChanged();
  };
  return (
    <>
      {presents ? (
        <div class="row">
          <Button variant={live.length > 0 ? 'secondary' : 'primary'} disabled={live.length > 0} onClick={() => setAsked({ kind: 'start' })}>
            <Radio aria-hidden="true" size={20} />
            {text.course.goLive}
          </Button>
          <Button onClick={() => setAsked({ kind: 'schedule' })}>
            <CalendarPlus aria-hidden="true" size={20} />
            {text.course.schedule}
          </Button>
        </div>
      ) : null}
      {data.lectures.length === 0 ? (
        <EmptyState title={text.course.nothingTitle}>{presents ? text.course.nothingOwner : text.course.nothingStudent}</EmptyState>
      ) : null}
      <Group title={text.course.liveNow} lectures={live} presents={presents} onAsk={setAsked} />
      <Group title={text.course.coming} lectures={coming} presents={presents} onAsk={setAsked} />
      <Group title={text.course.past} lectures={past} presents={presents} posters={posters} onAsk={setAsked} />
      <AskedDialog asked={asked} course={course} onClose={() => setAsked(undefined)} onDone={changed} />
    </>
  );
}

/** By the id of the video; asked for again when another lecture has one, so that a picture that is shown stays. */
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
  presents: boolean;
  posters?: ReadonlyMap<string, string>;
  onAsk: (asked: Asked) => void;
}

function Group({ title, lectures, presents, posters, onAsk }: GroupProps) {
  if (lectures.length === 0) return null;
  return (
    <section class="section">
      <h2>{title}</h2>
      <ul class="list">
        {lectures.map((lecture) => (
          <LectureRow
            key={lecture.id}
            lecture={lecture}
            isCourseKnown
            {...(posters && lecture.videoId ? { poster: { videoId: lecture.videoId, url: posters.get(lecture.videoId) } } : {})}
            actions={<Actions lecture={lecture} presents={presents} onAsk={onAsk} />}
          />
        ))}
      </ul>
    </section>
  );
}

function Actions({ lecture, presents, onAsk }: { lecture: LectureView; presents: boolean; onAsk: (asked: Asked) => void }) {
  if (lecture.state === 'ended') return lecture.videoId ? <ButtonLink href={paths.watch(lecture.videoId)}>{text.course.replay}</ButtonLink> : null;
  if (lecture.state === 'scheduled') return presents ? <ScheduledActions lecture={lecture} onAsk={onAsk} /> : null;
  return (
    <>
      {lecture.videoId && !presents ? <ButtonLink href={paths.watch(lecture.videoId)}>{text.course.watchFromStart}</ButtonLink> : null}
      <ButtonLink variant="primary" href={presents ? paths.studio(lecture.id) : paths.live(lecture.id)}>
        {presents ? text.course.openStudio : text.course.joinLive}
      </ButtonLink>
    </>
  );
}

function ScheduledActions({ lecture, onAsk }: { lecture: LectureView; onAsk: (asked: Asked) => void }) {
  return (
    <>
      <ButtonLink href={paths.studio(lecture.id)}>{text.course.openStudio}</ButtonLink>
      <Menu
        label={text.course.lectureMenu(lecture.title)}
        isIconOnly
        trigger={<Ellipsis aria-hidden="true" />}
        items={[
          { key: 'change', label: text.course.edit, icon: <Pencil aria-hidden="true" />, onSelect: () => onAsk({ kind: 'change', lecture }) },
          {
            key: 'cancel',
            label: text.course.cancelLecture,
            icon: <CalendarX aria-hidden="true" />,
            isDanger: true,
            onSelect: () => onAsk({ kind: 'cancel', lecture }),
          },
        ]}
      />
    </>
  );
}

interface AskedDialogProps {
  asked: Asked | undefined;
  course: CourseDetail;
  onClose: () => void;
  onDone: () => void;
}

function AskedDialog({ asked, course, onClose, onDone }: AskedDialogProps) {
  const { route } = useLocation();
  const cancel = useToastedAction(async (lecture: LectureView) => {
    await api.deleteLecture({ params: { lectureId: lecture.id } });
    showToast({ text: text.course.cancelled });
    onDone();
  });
  switch (asked?.kind) {
    case undefined:
      return null;
    case 'start':
      return <StartDialog courseId={course.id} onClose={onClose} onStarted={(lecture) => route(paths.studio(lecture.id))} />;
    case 'schedule':
      return <LectureDialog courseId={course.id} onClose={onClose} onDone={onDone} />;
    case 'change':
      return <LectureDialog courseId={course.id} lecture={asked.lecture} onClose={onClose} onDone={onDone} />;
    case 'cancel':
      return (
        <ConfirmDialog
          title={text.course.cancelTitle}
          message={text.course.cancelMessage(asked.lecture.title)}
          confirmLabel={text.course.cancelLecture}
          isBusy={cancel.isBusy}
          onConfirm={() => cancel.run(asked.lecture)}
          onClose={onClose}
        />
      );
  }
}

function byMoment(a: LectureView, b: LectureView): number {
  return (a.scheduledAt ?? '').localeCompare(b.scheduledAt ?? '');
}
