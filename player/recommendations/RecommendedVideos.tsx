import type { Recommendation, RecommendationReason } from '#api/contract';
import { paths } from '../app/paths.ts';
import { VideoPoster } from '../library/VideoPoster.tsx';
import { formatList } from '../text/format.ts';
import { text } from '../text/index.ts';
import './recommendations.css';

interface RecommendedVideosProps {
  videos: readonly Recommendation[];
  /** The course of the page they are shown on: its title is not repeated. */
  courseId?: string;
}

/** Videos with why each of them is recommended. */
export function RecommendedVideos({ videos, courseId }: RecommendedVideosProps) {
  return (
    <ul class="recommended">
      {videos.map(({ video, reason }) => (
        <li key={video.id}>
          <a class="recommended__video" href={paths.watch(video.id)}>
            <VideoPoster video={video} />
            <span class="recommended__body">
              <span class="recommended__title" dir="auto">
                {video.title}
              </span>
              {video.courseId === courseId ? null : (
                <span class="small quiet" dir="auto">
                  {video.courseTitle}
                </span>
              )}
              <span class="recommended__reason small quiet">{reasonOf(reason)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Tags or words that a reason names: what fits two lines of a card. */
const namedWords = 3;

function reasonOf(reason: RecommendationReason): string {
  const { reasons } = text.recommendations;
  switch (reason.kind) {
    case 'next':
      return reasons.next(reason.afterTitle);
    case 'watched':
      return reasons.watched(reason.afterTitle);
    case 'tags':
      return reasons.tags(formatList(reason.tags.slice(0, namedWords)));
    case 'words':
      return reasons.words(formatList(reason.words.slice(0, namedWords)));
    case 'course':
      return reasons.course;
    case 'new':
      return reasons.new;
  }
}
