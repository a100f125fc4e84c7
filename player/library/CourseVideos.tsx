import { Trash2, Upload } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import type { CourseDetail } from '#api/contract';
import { background } from '../app/background.ts';
import { paths } from '../app/paths.ts';
import { useQuery } from '../app/useQuery.ts';
import { Button, ButtonLink } from '../design/index.ts';
import { text } from '../text/index.ts';
import { chooseFiles } from '../uploads/chooseFiles.ts';
import { useDrop } from '../uploads/useDrop.ts';
import type { ChosenFile } from '../uploads/UploadQueue.ts';
import { addToQueue, FileInput } from '../uploads/UploadZone.tsx';
import { Library } from './Library.tsx';
import { viewKeys } from './libraryView.ts';
import { mayInCourse } from './mayInCourse.ts';
import './library.css';

/** The videos of one course, in their order. Those who may upload drop files anywhere on it. */
export function CourseVideos({ course }: { course: CourseDetail }) {
  const [view, setView] = useQuery(viewKeys);
  const area = useRef<HTMLDivElement>(null);
  const canManage = mayInCourse(course, 'video.manage');
  const canDelete = mayInCourse(course, 'video.delete');
  const canUpload = mayInCourse(course, 'video.upload');
  const add = (files: readonly ChosenFile[]) => addToQueue(files, { courseId: course.id });
  const isOver = useDrop(area, canUpload ? add : undefined);
  const upload = (
    <Button variant="primary" onClick={() => background(chooseFiles({ isMultiple: true }).then(add))}>
      <Upload aria-hidden="true" size={20} />
      {text.uploads.upload}
    </Button>
  );
  return (
    <div ref={area} class={`course-body course-videos ${isOver ? 'course-videos--over' : ''}`}>
      {canUpload ? (
        <div class="row">
          {upload}
          <span class="small quiet course-videos__hint">{isOver ? text.uploads.dropNow : text.uploads.drop}</span>
          <FileInput onFiles={add} />
          {canDelete ? (
            <ButtonLink variant="quiet" class="course-videos__deleted" href={paths.deletedVideos}>
              <Trash2 aria-hidden="true" size={20} />
              {text.library.views.deleted}
            </ButtonLink>
          ) : null}
        </div>
      ) : null}
      <Library courseId={course.id} view={view} onView={setView} canManage={() => canManage} canDelete={() => canDelete} isManager={canManage} />
    </div>
  );
}
