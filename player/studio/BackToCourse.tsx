import { ArrowLeft } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { LectureView } from '#api/contract';
import { paths } from '../app/paths.ts';
import { ConfirmDialog } from '../design/index.ts';
import { text } from '../text/index.ts';

/** The way out of the studio. While this page is on the air, it asks first; so does the Back button of the browser. */
export function BackToCourse({ lecture, isOnAir }: { lecture: LectureView; isOnAir: boolean }) {
  const { route } = useLocation();
  const [isAsking, setAsking] = useState(false);
  useBackButton(isOnAir, () => setAsking(true));
  const target = paths.course(lecture.courseId);
  return (
    <>
      <a
        class="button button--quiet button--icon"
        href={target}
        aria-label={text.room.backToCourse}
        title={text.room.backToCourse}
        onClick={(event) => {
          if (!isOnAir || event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          event.stopPropagation();
          setAsking(true);
        }}
      >
        <ArrowLeft aria-hidden="true" />
      </a>
      {isAsking ? (
        <ConfirmDialog
          title={text.studio.leaveTitle}
          message={text.studio.leaveMessage}
          confirmLabel={text.studio.leaveDo}
          onConfirm={() => route(target)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** While active, the studio has a second entry in the history, so that Back stays on the page once. */
function useBackButton(isActive: boolean, onBack: () => void): void {
  useEffect(() => {
    if (!isActive) return;
    history.pushState({ isStudioOnAir: true }, '', location.href);
    const wentBack = () => {
      history.pushState({ isStudioOnAir: true }, '', location.href);
      onBack();
    };
    addEventListener('popstate', wentBack);
    return () => {
      removeEventListener('popstate', wentBack);
      if ((history.state as { isStudioOnAir?: boolean } | null)?.isStudioOnAir) history.back();
    };
  }, [isActive]);
}
