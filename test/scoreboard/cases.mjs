/** What OTP promises and the conformance suite tests, in a form that other libraries can be asked for: each a sentence that holds or not. */
export const cases = {
  permanent_abnormal: "who crashes is started again, with a new state",
  temporary_abnormal: "who is not to be started again stays down, and nobody else ends",
  one_for_one: "the siblings of who crashes keep their state",
  one_for_all: "with one child, all are started again, where that is asked for",
  rest_for_one: "those started after it are started again too, where that is asked for",
  one_for_one_escalation: "more crashes in a time than allowed end the supervisor",
  queued_messages: "messages that wait outlive the restart, in their order",
  call: "who asks somebody that crashes on it is told within 100 ms",
  monitors: "who watches another hears of its end",
  links: "who is linked to another ends with it",
  children_end_before: "the children of whoever ends, end",
  order_of_children: "children end in the reverse order of their start",
  names_are_free: "a name can be taken again once its holder has ended",
};

/** The programs whose bug needs an order of messages, and what is asked of a tool that looks for it. */
export const racyPrograms = {
  lostUpdate: "two clients read a number and write it back, one more",
  jobBeforeConfig: "a job may reach a worker that is not configured",
  staleCache: "who loads a value caches it after it was invalidated",
  askEachOther: "two actors ask each other",
  expiredLease: "a lease is taken back while its holder still writes",
};
