import { SlidersHorizontal, X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { maxCourseSearchLength } from '#api/contract';
import type { Category } from '#api/contract';
import { account, api, canTeach } from '../../app/services.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Button, Select, TextField } from '../../design/index.ts';
import type { Choice } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { hasFilters } from './courseView.ts';
import type { CourseView } from './courseView.ts';

interface CourseFiltersProps {
  which: 'mine' | 'catalogue';
  view: CourseView;
  onView: (change: Partial<CourseView>) => void;
}

/** The search, and what narrows the list down. A filter that does not apply to the list, or has no choices, is left out. */
export function CourseFilters({ which, view, onView }: CourseFiltersProps) {
  const { data } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  // Only where there is little room the filters can be closed.
  const [isOpen, setOpen] = useState(hasFilters({ ...view, search: '' }));
  const selects = selectsOf({ which, view, onView }, data?.categories ?? []);
  return (
    <div class="stack-tight">
      <div class={`course-filters ${isOpen ? '' : 'course-filters--closed'}`} role="search" aria-label={text.courses.filters}>
        <TextField
          label={text.courses.search}
          placeholder={text.courses.searchHint}
          type="search"
          maxLength={maxCourseSearchLength}
          value={view.search}
          onValue={(search) => onView({ search })}
        />
        <Button class="course-filters__toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <SlidersHorizontal aria-hidden="true" size={20} />
          {text.courses.filters}
        </Button>
        {selects.map(({ label, value, choices, onValue }) => (
          <Select key={label} label={label} value={value} choices={choices} onValue={onValue} />
        ))}
      </div>
      {view.tag === '' ? null : <ChosenTag tag={view.tag} onClear={() => onView({ tag: '' })} />}
    </div>
  );
}

/** The filters that apply to the list, and have choices. */
function selectsOf({ which, view, onView }: CourseFiltersProps, categories: readonly Category[]) {
  const { states, roles: sides, orders } = text.courses;
  const isTeacher = canTeach(account.value);
  const seesStates = which === 'mine' ? isTeacher : (account.value?.roles.includes('admin') ?? false);
  const names = Object.fromEntries(categories.map(({ id, name }) => [id, name]));
  const filters = [
    { isShown: categories.length > 0, label: text.courses.category, value: view.categoryId, choices: choicesOf(text.courses.anyCategory, names), onValue: (categoryId: string) => onView({ categoryId }) },
    { isShown: seesStates, label: text.courses.state, value: view.state, choices: choicesOf(text.courses.anyState, states), onValue: (state: string) => onView({ state }) },
    { isShown: which === 'mine' && isTeacher, label: text.courses.role, value: view.as, choices: choicesOf(text.courses.anyRole, sides), onValue: (as: string) => onView({ as }) },
    {
      isShown: true,
      label: text.courses.order,
      value: view.order,
      choices: choicesOf(which === 'mine' ? orders.activity : orders.newest, which === 'mine' ? { newest: orders.newest, title: orders.title } : { title: orders.title }),
      onValue: (order: string) => onView({ order }),
    },
  ];
  return filters.filter(({ isShown }) => isShown);
}

function choicesOf(any: string, labels: Readonly<Record<string, string>>): Choice[] {
  return [{ value: '', label: any }, ...Object.entries(labels).map(([value, label]) => ({ value, label }))];
}

function ChosenTag({ tag, onClear }: { tag: string; onClear: () => void }) {
  return (
    <div class="row">
      <button type="button" class="tag tag--chosen" aria-label={text.courses.clearTag(tag)} onClick={onClear}>
        {text.courses.tagged(tag)}
        <X aria-hidden="true" size={16} />
      </button>
    </div>
  );
}
