import { Ellipsis, Square, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CatalogueCourse, LectureView } from '#api/contract';
import { maxCoursePageSize } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useSettled } from '../app/useSettled.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Badge, ConfirmDialog, Menu, showToast, SkeletonList, TextField } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';

const refreshMs = 15_000;
type Question = { kind: 'end'; lecture: LectureView } | { kind: 'delete'; course: CatalogueCourse };

/** The courses of all instructors. An administrator ends their lectures and deletes them. */
export function CoursesSection() {
  const [search, setSearch] = useState('');
  const [question, setQuestion] = useState<Question>();
  const searched = useSettled(search.trim());
  const { data, error, reload } = useLoaded((signal) => api.listCatalogue({ query: { limit: maxCoursePageSize, ...(searched === '' ? {} : { search: searched }) } }, { signal }), [searched]);
  usePolling(reload, refreshMs);
  const courses = data?.courses;
  const done = () => {
    setQuestion(undefined);
    reload();
  };
  return (
    <div class="stack">
      <p class="quiet">{text.admin.coursesIntro}</p>
      <TextField label={text.admin.searchCourses} type="search" value={search} onValue={setSearch} />
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={5} />}
      {courses?.length === 0 ? <p class="quiet">{search === '' ? text.admin.noCourses : text.admin.nobody}</p> : null}
      <ul class="stack-tight">
        {courses?.map((course) => (
          <li key={course.id} class="login">
            <div class="grow">
              <div dir="auto">{course.title}</div>
              <div class="small quiet">{text.home.by(course.ownerName)}</div>
              {course.liveLecture ? <LiveLecture lecture={course.liveLecture} /> : null}
            </div>
            <Menu label={text.admin.courseMenu(course.title)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={itemsOf(course, setQuestion)} />
          </li>
        ))}
      </ul>
      {question ? <Confirmation question={question} onDone={done} onClose={() => setQuestion(undefined)} /> : null}
    </div>
  );
}

function LiveLecture({ lecture }: { lecture: LectureView }) {
  return (
    <div class="login__roles">
      <Badge tone="live" hasDot>
        {text.home.liveNow}
      </Badge>
      <span class="small" dir="auto">
        {lecture.title}
      </span>
      <span class="small quiet">{text.home.watching(lecture.participantCount)}</span>
    </div>
  );
}

function itemsOf(course: CatalogueCourse, ask: (question: Question) => void): MenuItem[] {
  const { liveLecture: lecture } = course;
  const end = { key: 'end', label: text.studio.endLecture, icon: <Square aria-hidden="true" />, isDanger: true };
  const remove = { key: 'delete', label: text.course.delete, icon: <Trash2 aria-hidden="true" />, isDanger: true };
  return [...(lecture ? [{ ...end, onSelect: () => ask({ kind: 'end', lecture }) }] : []), { ...remove, onSelect: () => ask({ kind: 'delete', course }) }];
}

function Confirmation({ question, onDone, onClose }: { question: Question; onDone: () => void; onClose: () => void }) {
  const end = useToastedAction(async ({ id, title }: LectureView) => {
    await api.endLecture({ params: { lectureId: id } });
    showToast({ text: text.admin.lectureEnded(title) });
    onDone();
  });
  const remove = useToastedAction(async ({ id }: CatalogueCourse) => {
    await api.deleteCourse({ params: { courseId: id } });
    showToast({ text: text.course.deleted });
    onDone();
  });
  if (question.kind === 'end') {
    const { lecture } = question;
    return (
      <ConfirmDialog
        title={text.admin.endTitle(lecture.title)}
        message={text.studio.endMessage(text.studio.watching(lecture.participantCount))}
        confirmLabel={text.studio.endDo}
        isBusy={end.isBusy}
        onConfirm={() => end.run(lecture)}
        onClose={onClose}
      />
    );
  }
  const { course } = question;
  return (
    <ConfirmDialog
      title={text.course.deleteTitle(course.title)}
      message={text.course.deleteMessage}
      confirmLabel={text.course.delete}
      isBusy={remove.isBusy}
      onConfirm={() => remove.run(course)}
      onClose={onClose}
    />
  );
}
