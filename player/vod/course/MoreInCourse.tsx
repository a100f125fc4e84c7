import { inCourseOrder } from '#api/contract';
import type { VideoView } from '#api/contract';
import { paths } from '../../app/paths.ts';
import { SkeletonList } from '../../design/index.ts';
import { VideoPoster } from '../../library/VideoPoster.tsx';
import { text } from '../../text/index.ts';

/** Beside an upload, in place of a chat: the videos of its course in their order. */
export function MoreInCourse({ videos, videoId }: { videos: readonly VideoView[] | undefined; videoId: string }) {
  return (
    <aside class="watch__side watch__side--course" aria-labelledby="watch-more">
      <h2 id="watch-more" class="watch__side-title">
        {text.videoPage.inCourse}
      </h2>
      {videos ? (
        <ul class="more-videos">
          {inCourseOrder(videos).map((video) => (
            <li key={video.id}>
              <a class="more-video" href={paths.watch(video.id)} aria-current={video.id === videoId ? 'page' : undefined}>
                <VideoPoster video={video} />
                <span class="video__title" dir="auto">
                  {video.title}
                </span>
              </a>
            </li>
          ))}
        </ul>
      ) : (
        <SkeletonList rows={4} height="3.5rem" />
      )}
    </aside>
  );
}
