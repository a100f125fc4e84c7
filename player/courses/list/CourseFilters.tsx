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

/** The search, and what narrows the list down. A filter that does not apply to the list, or has no choices, is left out. */
export function CourseFilters({ which, view, onView }: CourseFiltersProps) {
  const { data } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  const roles = account.value?.roles ?? [];
  const seesStates = which === 'mine' ? roles.some((role) => role !== 'student') : roles.includes('admin');
  const categories = [{ value: '', label: text.courses.anyCategory }, ...(data?.categories ?? []).map(({ id, name }) => ({ value: id as string, label: name }))];
  const { states, roles: sides, orders } = text.courses;
  const ownOrders = [{ value: '', label: orders.activity }, { value: 'newest', label: orders.newest }, { value: 'title', label: orders.title }];
  const siteOrders = [{ value: '', label: orders.newest }, { value: 'title', label: orders.title }];
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
        {seesStates ? <Select label={text.courses.state} value={view.state} choices={choicesOf(text.courses.anyState, states)} onValue={(state) => onView({ state })} /> : null}
        {which === 'mine' && roles.some((role) => role !== 'student') ? <Select label={text.courses.role} value={view.as} choices={choicesOf(text.courses.anyRole, sides)} onValue={(as) => onView({ as })} /> : null}
        <Select label={text.courses.order} value={view.order} choices={which === 'mine' ? ownOrders : siteOrders} onValue={(order) => onView({ order })} />
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

function choicesOf(any: string, labels: Readonly<Record<string, string>>): Choice[] {
  return [{ value: '', label: any }, ...Object.entries(labels).map(([value, label]) => ({ value, label }))];
}
