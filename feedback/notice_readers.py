"""Which of the notices to officers are meant for the leader: nobody else takes them away."""

FOR_LEADER = frozenset(
    {
        "notice.draft_waiting",
        "notice.report_submitted",
        "notice.cases_late.1",
        "notice.cases_late.2",
        "notice.hot_spots",
        "notice.keeper_gone",
        "notice.session.notice_late",
        "notice.session.results_late",
        "notice.session.unread_late",
        "notice.promise_late",
        "notice.data_soon",
        "notice.data_late",
        "notice.line_soon",
        "notice.line_late",
        "notice.oversight_new",
        "notice.oversight_late",
    }
)
"""Wording keys of what is addressed to the leader ("Báo lãnh đạo")."""

FOR_KEEPER = frozenset({"notice.handed_up", "notice.kept_soon", "notice.kept_late"})
"""What is addressed to the one person whom the Chủ tịch named: nobody else learns that there is anything."""
FOR_ADMIN = frozenset({"alarm.days_off", "alarm.over.days_off"})
"""What the administrator, or a leader, sees to."""
KEEPER_GONE = "notice.keeper_gone"
"""That nobody keeps denunciations any more: for those who name somebody."""
HANDED_UP = "notice.handed_up"
"""That a case about the Chủ tịch was deleted: for the keeper alone, whom it keeps from being done behind their back."""
