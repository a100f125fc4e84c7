import { LayoutGrid, List, SlidersHorizontal, X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Category } from '#api/contract';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, IconButton, Select, TextField } from '../design/index.ts';
import type { Choice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { hasFilters, sortOf } from './libraryView.ts';
import type { LibraryView } from './libraryView.ts';
import type { Layout } from './useLayout.ts';

interface LibraryFiltersProps {
  view: LibraryView;
  courseId: string | undefined;
  /** Courses to choose from; none on the page of a course. */
  courses: readonly { id: string; title: string }[];
  /** Visibility and size are for those who manage videos. */
  canManage: boolean;
  layout: Layout;
  onLayout: (layout: Layout) => void;
  onView: (change: Partial<LibraryView>) => void;
}

const maxSearchLength = 100;

/** The search, what narrows the list down, its order and its layout. */
export function LibraryFilters(props: LibraryFiltersProps) {
  const { view, courseId, layout, onLayout, onView } = props;
  const { data } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  const [isOpen, setOpen] = useState(hasFilters({ ...view, search: '', tag: '' }, courseId));
  return (
    <div class="stack-tight">
      <div class={`library-filters ${isOpen ? '' : 'library-filters--closed'}`} role="search" aria-label={text.library.filters}>
        <TextField label={text.library.search} placeholder={text.library.searchHint} type="search" maxLength={maxSearchLength} value={view.search} onValue={(search) => onView({ search })} />
        <div class="library-filters__buttons">
          <Button class="library-filters__toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <SlidersHorizontal aria-hidden="true" size={20} />
            {text.library.filters}
          </Button>
          <div class="library-layout" role="group" aria-label={text.library.layout}>
            <IconButton label={text.library.grid} isPressed={layout === 'grid'} onClick={() => onLayout('grid')}>
              <LayoutGrid aria-hidden="true" size={20} />
            </IconButton>
            <IconButton label={text.library.list} isPressed={layout === 'list'} onClick={() => onLayout('list')}>
              <List aria-hidden="true" size={20} />
            </IconButton>
          </div>
        </div>
        {isOpen ? (
          <div class="library-filters__more">
            {selectsOf(props, data?.categories ?? []).map(({ label, value, choices, onValue }) => (
              <Select key={label} label={label} value={value} choices={choices} onValue={onValue} />
            ))}
          </div>
        ) : null}
      </div>
      {view.tag === '' ? null : (
        <div class="row">
          <button type="button" class="tag tag--chosen" aria-label={text.library.clearTag(view.tag)} onClick={() => onView({ tag: '' })}>
            {text.library.tagged(view.tag)}
            <X aria-hidden="true" size={16} />
          </button>
        </div>
      )}
    </div>
  );
}

/** The filters that apply, and have choices. */
function selectsOf({ view, courseId, courses, canManage, onView }: LibraryFiltersProps, categories: readonly Category[]) {
  const t = text.library;
  const { order, ...sortsOfAll } = t.sorts;
  const sorts = courseId === undefined ? sortsOfAll : { order, ...sortsOfAll };
  const filters = [
    { isShown: courseId === undefined && courses.length > 1, label: t.course, value: view.course, choices: choicesOf(t.anyCourse, courses.map(({ id, title }) => [id, title])), onValue: (course: string) => onView({ course }) },
    { isShown: true, label: t.state, value: view.state, choices: choicesOf(t.anyState, Object.entries(t.states)), onValue: (state: string) => onView({ state }) },
    { isShown: true, label: t.source, value: view.source, choices: choicesOf(t.anySource, Object.entries(t.sources)), onValue: (source: string) => onView({ source }) },
    { isShown: canManage, label: t.visibility, value: view.visibility, choices: choicesOf(t.anyVisibility, Object.entries(t.visibilities)), onValue: (visibility: string) => onView({ visibility }) },
    { isShown: categories.length > 0, label: t.category, value: view.category, choices: choicesOf(t.anyCategory, categories.map(({ id, name }) => [id, name])), onValue: (category: string) => onView({ category }) },
    {
      isShown: true,
      label: t.sort,
      value: sortOf(view, courseId),
      choices: Object.entries(sorts).filter(([key]) => canManage || key !== 'largest').map(([value, label]) => ({ value, label })),
      onValue: (sort: string) => onView({ sort }),
    },
  ];
  return filters.filter(({ isShown }) => isShown);
}

function choicesOf(any: string, labels: readonly (readonly [string, string])[]): Choice[] {
  return [{ value: '', label: any }, ...labels.map(([value, label]) => ({ value, label }))];
}
