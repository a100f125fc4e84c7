import { Clapperboard, SearchX } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { videoTrashDays } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { usePages } from '../app/usePages.ts';
import type { Pages } from '../app/usePages.ts';
import { useSettled } from '../app/useSettled.ts';
import { Button, ConfirmDialog, EmptyState, Skeleton } from '../design/index.ts';
import '../courses/courses.css';
import '../courses/list/list.css';
import { text } from '../text/index.ts';
import { BulkBar } from './BulkBar.tsx';
import { loadLibrary } from './libraryApi.ts';
import type { LibraryVideo } from './libraryApi.ts';
import { LibraryFilters } from './LibraryFilters.tsx';
import { hasFilters, hasOwnOrder, noFilters, queryOf } from './libraryView.ts';
import type { LibraryView } from './libraryView.ts';
import { allOf, kept, nothingSelected } from './selection.ts';
import { useBulk } from './useBulk.ts';
import { useFreshVideos } from './useFreshVideos.ts';
import { useLayout } from './useLayout.ts';
import { VideoGrid } from './VideoGrid.tsx';

interface LibraryProps {
  /** Of the course that the page is about; undefined for all courses. */
  courseId?: string;
  courses?: readonly { id: string; title: string }[];
  view: LibraryView;
  onView: (change: Partial<LibraryView>) => void;
  canManage: (video: LibraryVideo) => boolean;
  canDelete: (video: LibraryVideo) => boolean;
  isManager: boolean;
  /** The button of an empty library. */
  emptyAction?: ComponentChildren;
}

/** Videos with search, filters, selection and actions, page by page. */
export function Library({ courseId, courses = [], view, onView, canManage, canDelete, isManager, emptyAction }: LibraryProps) {
  const [layout, setLayout] = useLayout();
  const [selected, setSelection] = useState(nothingSelected);
  const [deleting, setDeleting] = useState<LibraryVideo>();
  const search = useSettled(view.search);
  const query = queryOf({ ...view, search }, courseId);
  const pages = usePages<LibraryVideo>((cursor, signal) => loadLibrary(query, cursor, signal), [JSON.stringify(query)]);
  const videos = useFreshVideos(pages.rows ?? []);
  const selectable = videos.filter(canManage).map(({ id }) => id as string);
  const selection = kept(selected, selectable);
  const bulk = useBulk({ videos, onDone: () => setSelection(nothingSelected), onChanged: pages.reload });
  const canMove = isManager && hasOwnOrder(view, courseId);

  const confirmDelete = ({ id }: LibraryVideo) => {
    setDeleting(undefined);
    bulk.run([id], { kind: 'delete' });
  };

  if (!pages.rows) return <NotLoaded pages={pages} layout={layout} />;
  const isFiltered = hasFilters({ ...view, search }, courseId);
  const isEmpty = videos.length === 0;
  return (
    <div class={`library ${selection.ids.size > 0 ? 'library--selecting' : ''}`}>
      {isEmpty && !isFiltered ? null : (
        <LibraryFilters view={view} courseId={courseId} courses={courses} canManage={isManager} layout={layout} onLayout={setLayout} onView={onView} />
      )}
      <VideoGrid
        videos={videos}
        layout={layout}
        isCourseKnown={courseId !== undefined}
        isBusy={pages.isLoading}
        canManage={canManage}
        selection={selection}
        onSelection={setSelection}
        actions={{
          onMove: canMove ? (video, move) => bulk.move(video, move) : undefined,
          onTranscode: ({ id }) => bulk.run([id], { kind: 'transcode' }),
          onDelete: (video) => (canDelete(video) ? () => setDeleting(video) : undefined),
        }}
      />
      <PageEnd pages={pages} count={videos.length} />
      {isEmpty ? <Nothing isFiltered={isFiltered} isManager={isManager} action={emptyAction} onClear={() => onView(noFilters)} /> : null}
      {selection.ids.size > 0 ? (
        <BulkBar
          count={selection.ids.size}
          canMove={canMove}
          canDelete={videos.every((video) => !selection.ids.has(video.id) || canDelete(video))}
          isBusy={bulk.isBusy}
          onAction={(action) => bulk.run([...selection.ids], action)}
          onSelectAll={() => setSelection(allOf(selectable))}
          onClear={() => setSelection(nothingSelected)}
        />
      ) : null}
      {deleting ? <DeleteDialog onConfirm={() => confirmDelete(deleting)} onClose={() => setDeleting(undefined)} /> : null}
    </div>
  );
}

function NotLoaded({ pages, layout }: { pages: Pages<LibraryVideo>; layout: 'grid' | 'list' }) {
  return pages.error ? <LoadFailure error={pages.error} onRetry={pages.reload} /> : <Skeletons layout={layout} />;
}

/** How many there are, for a screen reader, and the button for more. */
function PageEnd({ pages, count }: { pages: Pages<LibraryVideo>; count: number }) {
  return (
    <>
      {pages.error ? <LoadFailure error={pages.error} onRetry={pages.reload} /> : null}
      <p class="unseen" role="status">
        {pages.isLoading ? '' : text.library.found(count, pages.hasMore)}
      </p>
      {pages.hasMore ? (
        <div class="row">
          <Button isBusy={pages.isLoading} onClick={pages.loadMore}>
            {text.library.more}
          </Button>
        </div>
      ) : null}
    </>
  );
}

interface NothingProps {
  isFiltered: boolean;
  isManager: boolean;
  action: ComponentChildren;
  onClear: () => void;
}

function Nothing({ isFiltered, isManager, action, onClear }: NothingProps) {
  return isFiltered ? <NothingFound onClear={onClear} /> : <NoVideos isManager={isManager} action={action} />;
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState icon={<SearchX aria-hidden="true" />} title={text.library.nothingFoundTitle} action={<Button onClick={onClear}>{text.library.clear}</Button>}>
      {text.library.nothingFound}
    </EmptyState>
  );
}

function NoVideos({ isManager, action }: { isManager: boolean; action: ComponentChildren }) {
  return (
    <EmptyState icon={<Clapperboard aria-hidden="true" />} title={text.library.emptyTitle} action={action}>
      {isManager ? text.library.emptyTeacher : text.library.emptyStudent}
    </EmptyState>
  );
}

function DeleteDialog({ onConfirm, onClose }: { onConfirm: () => void; onClose: () => void }) {
  return <ConfirmDialog title={text.library.deleteTitle(1)} message={text.library.deleteMessage(1, videoTrashDays)} confirmLabel={text.library.delete} onConfirm={onConfirm} onClose={onClose} />;
}

function Skeletons({ layout }: { layout: 'grid' | 'list' }) {
  return (
    <ul class={`videos videos--${layout}`} role="status">
      <li class="unseen">{text.states.loading}</li>
      {Array.from({ length: 8 }, (_, index) => (
        <li key={index}>
          <Skeleton height={layout === 'grid' ? '13rem' : '5rem'} radius="var(--radius)" />
        </li>
      ))}
    </ul>
  );
}
