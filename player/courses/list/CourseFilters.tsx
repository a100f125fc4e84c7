import { X } from 'lucide-preact';
import { maxCourseSearchLength } from '#api/contract';
import { account, api } from '../../app/services.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Select, TextField } from '../../design/index.ts';
import type { Choice } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import type { CourseView } from './courseView.ts';

interface CourseFiltersProps {
  which: 'mine' | 'catalogue';
  view: CourseView;
  onView: (change: Partial<CourseView>) => void;
}

const states: Choice[] = [{ value: '', label: text.courses.anyState }, ...Object.entries(text.courses.states).map(([value, label]) => ({ value, label }))];
const sides: Choice[] = [{ value: '', label: text.courses.anyRole }, ...Object.entries(text.courses.roles).map(([value, label]) => ({ value, label }))];
const { activity, newest, title } = text.courses.orders;
const orders = {
  mine: [{ value: '', label: activity }, { value: 'newest', label: newest }, { value: 'title', label: title }],
  catalogue: [{ value: '', label: newest }, { value: 'title', label: title }],
};

/** The search, and what narrows the list down. A filter that does not apply to the list, or has no choices, is left out. */
export function CourseFilters({ which, view, onView }: CourseFiltersProps) {
  const { data } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  const roles = account.value?.roles ?? [];
  const seesStates = which === 'mine' ? roles.some((role) => role !== 'student') : roles.includes('admin');
  const categories = [{ value: '', label: text.courses.anyCategory }, ...(data?.categories ?? []).map(({ id, name }) => ({ value: id as string, label: name }))];
  return (
    <div class="stack-tight">
      <div class="course-filters" role="search" aria-label={text.courses.filters}>
        <TextField
          label={text.courses.search}
          placeholder={text.courses.searchHint}
          type="search"
          maxLength={maxCourseSearchLength}
          value={view.search}
          onValue={(search) => onView({ search })}
        />
        {categories.length > 1 ? <Select label={text.courses.category} value={view.categoryId} choices={categories} onValue={(categoryId) => onView({ categoryId })} /> : null}
        {seesStates ? <Select label={text.courses.state} value={view.state} choices={states} onValue={(state) => onView({ state })} /> : null}
        {which === 'mine' && roles.some((role) => role !== 'student') ? <Select label={text.courses.role} value={view.as} choices={sides} onValue={(as) => onView({ as })} /> : null}
        <Select label={text.courses.order} value={view.order} choices={orders[which]} onValue={(order) => onView({ order })} />
      </div>
      {view.tag === '' ? null : (
        <div class="row">
          <button type="button" class="tag tag--chosen" aria-label={text.courses.clearTag(view.tag)} onClick={() => onView({ tag: '' })}>
            {text.courses.tagged(view.tag)}
            <X aria-hidden="true" size={16} />
          </button>
        </div>
      )}
    </div>
  );
}
