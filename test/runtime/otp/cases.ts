/** The cases of OTP's `supervisor_SUITE`, group by group, and what we make of each. Data; the tests carry them out. */

/**
 * - `ADOPT`: the same observable assertion
 * - `ADAPT`: the same assertion by other means, or our own meaning: the title of the test says which
 * - `SKIP`: nothing here it could be about
 */
export type Verdict = "ADOPT" | "ADAPT" | "SKIP";

export interface Group {
  readonly title: string;
  readonly cases: Readonly<Record<string, Verdict>>;
}

export const GROUPS: readonly Group[] = [
  {
    title: "Starting a supervisor",
    cases: {
      sup_start_normal: "ADOPT",
      sup_start_ignore_init: "ADOPT",
      sup_start_ignore_child: "ADOPT",
      sup_start_ignore_temporary_child: "ADOPT",
      sup_start_ignore_temporary_child_start_child: "ADOPT",
      sup_start_ignore_temporary_child_start_child_simple: "ADOPT",
      sup_start_ignore_permanent_child_start_child_simple: "ADOPT",
      sup_start_error_return: "ADAPT",
      sup_start_fail: "ADOPT",
      sup_start_child_returns_error: "ADOPT",
      sup_start_restart_child_returns_error: "ADOPT",
      sup_start_child_returns_error_simple: "ADOPT",
    },
  },
  {
    title: "Child specs and their defaults",
    cases: { sup_start_map: "ADOPT", sup_start_map_simple: "ADOPT", sup_start_map_faulty_specs: "ADAPT" },
  },
  {
    title: "Stopping",
    cases: {
      sup_stop_infinity: "ADOPT",
      sup_stop_timeout: "ADAPT",
      sup_stop_timeout_dynamic: "ADAPT",
      sup_stop_brutal_kill: "ADOPT",
      sup_stop_brutal_kill_dynamic: "ADOPT",
      sup_stop_race: "ADOPT",
      sup_stop_non_shutdown_exit_dynamic: "ADOPT",
    },
  },
  {
    title: "Administration",
    cases: {
      child_adm: "ADOPT",
      child_adm_simple: "ADOPT",
      extra_return: "ADAPT",
      child_specs: "ADAPT",
      child_specs_map: "ADOPT",
      sup_flags: "ADAPT",
      which_children: "ADAPT",
      which_children_simple_one_for_one: "ADAPT",
      count_children: "ADOPT",
      count_children_supervisor: "ADOPT",
      count_restarting_children: "ADOPT",
      get_callback_module: "SKIP",
      already_started_outside_supervisor: "ADOPT",
      auto_hibernate: "SKIP",
    },
  },
  {
    title: "Restart types",
    cases: {
      permanent_normal: "ADOPT",
      transient_normal: "ADOPT",
      temporary_normal: "ADOPT",
      permanent_shutdown: "ADOPT",
      transient_shutdown: "ADOPT",
      temporary_shutdown: "ADOPT",
      faulty_application_shutdown: "ADAPT",
      permanent_abnormal: "ADOPT",
      transient_abnormal: "ADOPT",
      temporary_abnormal: "ADOPT",
      external_start_no_progress_log: "ADAPT",
      temporary_bystander: "ADOPT",
    },
  },
  {
    title: "Strategies and intensity",
    cases: {
      multiple_restarts: "ADOPT",
      one_for_one: "ADOPT",
      one_for_one_escalation: "ADOPT",
      one_for_all: "ADOPT",
      one_for_all_escalation: "ADOPT",
      one_for_all_other_child_fails_restart: "ADOPT",
      rest_for_one: "ADOPT",
      rest_for_one_escalation: "ADOPT",
      rest_for_one_other_child_fails_restart: "ADOPT",
      simple_one_for_one: "ADOPT",
      simple_one_for_one_shutdown: "ADOPT",
      simple_one_for_one_extra: "ADOPT",
      simple_one_for_one_escalation: "ADOPT",
      simple_one_for_one_corruption: "ADAPT",
      simple_one_for_one_restart_ignore: "ADOPT",
    },
  },
  {
    title: "Robustness",
    cases: {
      child_unlink: "ADOPT",
      tree: "ADOPT",
      do_not_save_start_parameters_for_temporary_children: "ADAPT",
      do_not_save_child_specs_for_temporary_children: "ADOPT",
      simple_one_for_one_scale_many_temporary_children: "ADOPT",
      scale_start_stop_many_children: "ADOPT",
      simple_global_supervisor: "ADAPT",
      hanging_restart_loop: "ADOPT",
      hanging_restart_loop_rest_for_one: "ADOPT",
      hanging_restart_loop_simple: "ADOPT",
      order_of_children: "ADOPT",
      code_change: "ADAPT",
      code_change_map: "ADAPT",
      code_change_simple: "ADAPT",
      code_change_simple_map: "ADAPT",
      format_log_1: "ADAPT",
      format_log_2: "ADAPT",
    },
  },
  {
    title: "Significant children",
    cases: {
      nonsignificant_temporary: "ADOPT",
      nonsignificant_transient: "ADOPT",
      significant_temporary: "ADOPT",
      significant_transient: "ADOPT",
      significant_simple: "ADOPT",
      significant_bystander: "ADOPT",
      significant_escalation: "ADOPT",
      significant_upgrade_never_any: "ADAPT",
      significant_upgrade_any_never: "ADAPT",
      significant_upgrade_never_all: "ADAPT",
      significant_upgrade_all_never: "ADAPT",
      significant_upgrade_any_all: "ADAPT",
      significant_upgrade_all_any: "ADAPT",
      significant_upgrade_child: "ADAPT",
    },
  },
];

/** Why a case has no test. */
export const SKIPPED: Readonly<Record<string, string>> = {
  get_callback_module: "a supervisor has no callback module; inspection names its definition",
  auto_hibernate: "an actor that waits holds no memory that hibernation could give back",
};

/** Begins the title of a test of the suite. */
export const SUPERVISOR = "otp/supervisor/";
/** Begins the title of a test of what OTP keeps outside that suite: signals, links, monitors, calls, the top. */
export const PROCESSES = "otp/processes/";
