import { ChevronLeft, ChevronRight, Pencil, Scissors } from 'lucide-preact';
import { neighboursOf } from '#api/contract';
import type { VideoView } from '#api/contract';
import { paths } from '../../app/paths.ts';
import { api } from '../../app/services.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { ButtonLink } from '../../design/index.ts';
import { mayInCourse } from '../../library/mayInCourse.ts';
import { Markdown } from '../../markdown/Markdown.tsx';
import { DownloadButton } from '../../sharing/DownloadButton.tsx';
import { text } from '../../text/index.ts';

/** What a learner reads and does below a video: its description and tags, the download, and the videos before and after it. */
export function AboutVideo({ video, videos }: { video: VideoView; videos: readonly VideoView[] | undefined }) {
  const { data: course } = useLoaded((signal) => api.getCourse({ params: { courseId: video.courseId } }, { signal }), [video.courseId]);
  const canManage = course !== undefined && mayInCourse(course, 'video.manage');
  return (
    <div class="about-video">
      <Actions video={video} videos={videos} canManage={canManage} />
      {video.tags.length > 0 ? (
        <div class="about-video__tags">
          {video.tags.map((tag) => (
            <a key={tag} class="tag" dir="auto" href={`${paths.library}?tag=${encodeURIComponent(tag)}`}>
              {tag}
            </a>
          ))}
        </div>
      ) : null}
      {video.description.trim() === '' ? null : <Markdown>{video.description}</Markdown>}
    </div>
  );
}

function Actions({ video, videos, canManage }: { video: VideoView; videos: readonly VideoView[] | undefined; canManage: boolean }) {
  const { previous, next } = neighboursOf(videos ?? [], video.id);
  return (
    <div class="row about-video__actions">
      {previous ? <Neighbour video={previous} label={text.videoPage.previous} isNext={false} /> : null}
      {next ? <Neighbour video={next} label={text.videoPage.next} isNext /> : null}
      <DownloadButton video={video} isManager={canManage} />
      {canManage ? (
        <ButtonLink href={paths.editor(video.id)}>
          <Scissors aria-hidden="true" size={18} />
          {text.editor.open}
        </ButtonLink>
      ) : null}
      {canManage ? (
        <ButtonLink href={paths.video(video.id)}>
          <Pencil aria-hidden="true" size={18} />
          {text.videoPage.manage}
        </ButtonLink>
      ) : null}
    </div>
  );
}

function Neighbour({ video, label, isNext }: { video: VideoView; label: string; isNext: boolean }) {
  return (
    <ButtonLink href={paths.watch(video.id)} title={video.title}>
      {isNext ? null : <ChevronLeft aria-hidden="true" size={18} />}
      {label}
      {isNext ? <ChevronRight aria-hidden="true" size={18} /> : null}
    </ButtonLink>
  );
}
