import { ArrowLeft, Play, Scissors } from 'lucide-preact';
import { videoTrashDays } from '#api/contract';
import type { CourseDetail, VideoView } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { useTabInUrl } from '../app/useTabInUrl.ts';
import { Badge, ButtonLink, Notice, Skeleton, SkeletonList, Tabs } from '../design/index.ts';
import { mayInCourse } from '../library/mayInCourse.ts';
import { RestoreButton } from '../library/RestoreButton.tsx';
import { VideoStatus } from '../library/VideoStatus.tsx';
import { DownloadButton } from '../sharing/DownloadButton.tsx';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { DetailsSection } from './DetailsSection.tsx';
import { PreviewPlayer } from './PreviewPlayer.tsx';
import { ProcessingSection } from './ProcessingSection.tsx';
import type { SectionProps } from './SectionProps.ts';
import { SharingSection } from './SharingSection.tsx';
import { StorageSection } from './StorageSection.tsx';
import '../courses/courses.css';
import '../courses/settings/settings.css';
import './videoPage.css';

const workingMs = 3000;
const quietMs = 20_000;
const dayMs = 24 * 60 * 60_000;

/** One video, for those who look after it. */
export default function VideoPage({ videoId }: { videoId: string }) {
  const params = { videoId };
  const { data: video, error, reload, replace } = useLoaded((signal) => api.getVideo({ params }, { signal }), [videoId]);
  const { data: course } = useLoaded((signal) => (video ? api.getCourse({ params: { courseId: video.courseId } }, { signal }) : Promise.resolve(undefined)), [video?.courseId]);
  usePolling(reload, video && (video.work !== null || video.state === 'processing') ? workingMs : quietMs);
  usePageTitle(video?.title);

  if (!video) return <NotLoaded error={error} onRetry={reload} />;
  const canManage = course !== undefined && mayInCourse(course, 'video.manage');
  // An administrator may look after a video without being in its course.
  const canWatch = course === undefined || course.role !== null;
  return (
    <div class="page">
      <VideoHead video={video} isManager={canManage} canWatch={canWatch} />
      <DeletedNotice video={video} canRestore={course !== undefined && mayInCourse(course, 'video.delete')} onReload={reload} />
      <div class="video-page">
        <PreviewPlayer video={video} canWatch={canWatch} />
        {canManage ? <Sections key={video.id} course={course} video={video} onVideo={replace} onReload={reload} /> : course ? null : <SkeletonList rows={2} />}
      </div>
    </div>
  );
}

function NotLoaded({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div class="page">
      {error ? (
        <LoadFailure error={error} onRetry={onRetry} />
      ) : (
        <>
          <Skeleton height="2.25rem" width="60%" />
          <SkeletonList rows={3} />
        </>
      )}
    </div>
  );
}

function VideoHead({ video, isManager, canWatch }: { video: VideoView; isManager: boolean; canWatch: boolean }) {
  const isPlayable = canWatch && (video.state === 'ready' || video.state === 'live');
  return (
    <div class="video-head">
      <a class="video-head__back" href={`${paths.course(video.courseId)}?tab=videos`}>
        <ArrowLeft aria-hidden="true" size={18} />
        <span dir="auto">{video.courseTitle}</span>
      </a>
      <div class="section__head">
        <h1 dir="auto">{video.title}</h1>
        <div class="row">
          {isPlayable && video.deletedAt === null ? (
            <ButtonLink variant="primary" href={paths.watch(video.id)}>
              <Play aria-hidden="true" size={20} />
              {text.videoPage.watch}
            </ButtonLink>
          ) : null}
          {isManager && isPlayable && video.deletedAt === null ? (
            <ButtonLink href={paths.editor(video.id)}>
              <Scissors aria-hidden="true" size={20} />
              {text.editor.open}
            </ButtonLink>
          ) : null}
          {canWatch ? <DownloadButton video={video} isManager={isManager} /> : null}
        </div>
      </div>
      <div class="row">
        <Badge>{{ recording: text.library.recorded, upload: text.library.uploaded, clip: text.library.clip }[video.source]}</Badge>
        <VideoStatus video={video} />
        <span class="small quiet">{formatDateTime(video.recordedAt)}</span>
      </div>
    </div>
  );
}

function DeletedNotice({ video, canRestore, onReload }: { video: VideoView; canRestore: boolean; onReload: () => void }) {
  if (video.deletedAt === null) return null;
  const until = new Date(Math.max(Date.parse(video.deletedAt) + videoTrashDays * dayMs, serverClock.nowMs())).toISOString();
  return (
    <Notice tone="warning" action={canRestore ? <RestoreButton videoId={video.id} onRestored={onReload} /> : undefined}>
      {text.videoPage.deletedNotice(formatDateTime(until))}
    </Notice>
  );
}

function Sections({ course, ...props }: SectionProps & { course: CourseDetail }) {
  const tabs = [
    { key: 'details', label: text.videoPage.details, panel: <DetailsSection {...props} /> },
    { key: 'processing', label: text.videoPage.processing, panel: <ProcessingSection {...props} /> },
    { key: 'sharing', label: text.videoPage.sharing, panel: <SharingSection {...props} /> },
    { key: 'storage', label: text.videoPage.storage, panel: <StorageSection {...props} course={course} /> },
  ];
  const [open, setOpen] = useTabInUrl(tabs.map(({ key }) => key));
  return <Tabs label={text.videoPage.tabs} tabs={tabs} selected={open ?? 'details'} onSelect={setOpen} />;
}
