//! What the keys of a lesson do, and why they may not.

use std::sync::Arc;

use super::super::prompt::PromptKind;
use super::super::{Action, App, Code, Effect, Key, Overlay, Session, Tone};
use super::{Card, Learning, Opened, Page, Room, Showing};
use crate::lesson::protocol::replay;
use crate::lesson::{Attempt, Deed, Lesson, Mode, Play, ShowGoal};

/// Whether an action is one of a lesson that runs.
pub(in crate::app) fn is_of_lesson(action: Action) -> bool {
    matches!(
        action,
        Action::GoOn
            | Action::GoBack
            | Action::Hint
            | Action::Answer
            | Action::Choice
            | Action::Missing
            | Action::ShowMe
            | Action::Goals
            | Action::BeginAgain
            | Action::ChangeMode
            | Action::PanelRoom
    )
}

impl Learning {
    /// Shows what is open now instead of what there is to read.
    pub(super) fn read_all(&mut self) {
        (self.at, self.scroll) = (self.cards.len(), 0);
    }
}

impl App {
    /// Why an action of a lesson cannot be done now.
    pub(in crate::app) fn no_lesson_action(&self, action: Action) -> Option<String> {
        let said = |text: String| Some(text);
        let Some(learning) = &self.learning else {
            return said("no lesson runs; {lessons} lists them".to_owned());
        };
        let solved = learning.attempt.solved();
        match action {
            Action::Hint | Action::ShowMe | Action::Answer | Action::Choice if solved => {
                said("the lesson is solved".to_owned())
            }
            Action::ShowMe if !learning.lesson().scoring.show_solution => said(
                "this lesson does not show its solution; hints and the reasons why goals are open remain".to_owned(),
            ),
            Action::Answer | Action::Choice if learning.asked().is_none() => match learning.attempt.questions().len() {
                0 => said("no question is open".to_owned()),
                _ => said("go to the question with {go-on} first".to_owned()),
            },
            Action::ChangeMode if !learning.is_fresh() => {
                said("the mode is chosen before anything is done; {begin-again} begins again".to_owned())
            }
            Action::Goals if learning.lesson().show_goal == ShowGoal::None => {
                said("this lesson draws no goal on the map".to_owned())
            }
            _ => None,
        }
    }

    /// Does an action of a lesson.
    pub(in crate::app) fn act_on_lesson(&mut self, action: Action) -> Vec<Effect> {
        let before = self.session.as_ref().map_or(0, |session| session.history.position());
        let Some(learning) = &mut self.learning else { return Vec::new() };
        match action {
            Action::GoOn => return self.go_on(),
            Action::GoBack if learning.go_back() => {}
            Action::GoBack => self.tell(Tone::Plain, "the lesson begins here"),
            Action::Hint => self.lesson_takes(&Deed::Hint, None, before),
            Action::Answer => self.open_prompt(PromptKind::Answer, ""),
            Action::Missing if learning.attempt.solved() => self.show(Overlay::Debrief),
            Action::Missing => learning.toggle_missing(),
            Action::ShowMe => self.show_solution(),
            Action::Goals => {
                learning.goals_drawn = !learning.goals_drawn;
                let text =
                    if learning.goals_drawn { "the map shows what is to be done" } else { "the goals are hidden" };
                self.tell(Tone::Plain, text);
            }
            Action::PanelRoom => {
                learning.room = match learning.room {
                    Room::Share => Room::Folded,
                    Room::Folded => Room::Whole,
                    Room::Whole => Room::Share,
                };
            }
            Action::ChangeMode => {
                let mode = match learning.attempt.mode {
                    Mode::Guided => Mode::Challenge,
                    Mode::Challenge => Mode::Guided,
                };
                self.begin_again(mode);
            }
            Action::BeginAgain => {
                let mode = learning.attempt.mode;
                return self.begin_again(mode);
            }
            _ => {}
        }
        Vec::new()
    }

    fn go_on(&mut self) -> Vec<Effect> {
        let Some(learning) = &mut self.learning else { return Vec::new() };
        if learning.go_on() {
            return Vec::new();
        }
        match (learning.page(), &learning.showing) {
            (Page::Showing(..), _) => self.show_next(),
            (Page::End, _) => return self.next_lesson(),
            (_, Showing::Deeds(..)) => learning.showing = Showing::No,
            _ => {
                let text = "reach the goals on the map to go on; {missing} says what is missing, {hint} gives a hint";
                self.tell(Tone::Plain, text);
            }
        }
        Vec::new()
    }

    /// A number was pressed: the choice it counts, or the beginning of what is typed.
    pub(in crate::app) fn choose_answer(&mut self, key: Key) -> Vec<Effect> {
        if let Some(reason) = self.no_lesson_action(Action::Choice) {
            self.tell(Tone::Plain, reason);
            return Vec::new();
        }
        let Some(quiz) = self.learning.as_ref().and_then(|learning| learning.asked()) else { return Vec::new() };
        let Code::Char(digit) = key.code else { return Vec::new() };
        let number = digit.to_digit(10).and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        if quiz.choices.is_empty() || quiz.wants_several() {
            self.open_prompt(PromptKind::Answer, digit);
        } else if number > quiz.choices.len() {
            let text = format!("there are {} answers to choose from", quiz.choices.len());
            self.tell(Tone::Plain, text);
        } else {
            self.answer(&number.to_string());
        }
        Vec::new()
    }

    /// Answers the question that is shown.
    pub(in crate::app) fn answer(&mut self, said: &str) {
        let Some(id) = self.learning.as_ref().and_then(|learning| learning.asked()).map(|quiz| quiz.id.clone()) else {
            return;
        };
        let before = self.session.as_ref().map_or(0, |session| session.history.position());
        self.lesson_takes(&Deed::Answer(id, said.to_owned()), None, before);
    }

    /// Takes a deed typed where commands are typed: an answer is one, a look says which sheet it means. False for any other
    /// text.
    pub(in crate::app) fn says_deed(&mut self, text: &str) -> bool {
        let before = self.session.as_ref().map_or(0, |session| session.history.position());
        match (&self.learning, text.parse::<Deed>()) {
            (Some(_), Ok(deed @ (Deed::Answer(..) | Deed::Hint))) => self.lesson_takes(&deed, None, before),
            (Some(_), Ok(Deed::Look(look))) => {
                let text = format!("open the sheet \"{}\" itself; {{help}} lists the keys", look.sheet);
                self.tell(Tone::Plain, text);
            }
            _ => return false,
        }
        true
    }

    /// Opens a lesson: anew, or where its log leads to.
    pub fn learn(&mut self, opened: Opened) {
        let Opened { lesson, mode, log } = opened;
        let resumed = log.filter(|log| !log.deeds.is_empty()).map(|log| (replay(&log, Arc::clone(&lesson)), log));
        match resumed {
            Some((Ok(replay), _)) => {
                let mut learning = Learning::resume(replay.play.attempt);
                // What was kept stays kept, whatever came of it now.
                learning.kept = learning.attempt.log().len();
                self.seat(replay.play.history, learning);
            }
            Some((Err(_), _)) | None => self.begin_lesson(lesson, mode),
        }
    }

    fn begin_lesson(&mut self, lesson: Arc<Lesson>, mode: Mode) {
        match Play::begin(lesson, mode) {
            Ok(Play { history, attempt }) => self.seat(history, Learning::begin(attempt)),
            Err(stuck) => self.tell(Tone::Bad, stuck.to_string()),
        }
    }

    /// Puts an attempt and its history onto the screen.
    fn seat(&mut self, history: crate::history::History, learning: Learning) {
        self.layers.clear();
        (self.prompt, self.notice, self.loading) = (None, None, None);
        let mut session = Session::start(Arc::clone(history.now().world.topology()));
        session.keymap = Arc::clone(&self.keymap);
        session.events.clear();
        session.adopt(history);
        session.from_start = false;
        session.snug = true;
        session.note(Tone::Plain, format!("lesson: {}", learning.lesson().title));
        self.session = Some(Box::new(session));
        self.learning = Some(Box::new(learning));
        super::super::ground::reveal(self);
    }

    /// Begins the lesson again; what was done so far is given up.
    fn begin_again(&mut self, mode: Mode) -> Vec<Effect> {
        let Some(learning) = &mut self.learning else { return Vec::new() };
        learning.given_up = true;
        let lesson = Arc::clone(learning.lesson());
        let effects = self.lesson_effects();
        self.begin_lesson(lesson, mode);
        effects
    }

    /// The lesson after this one on the shelf, else the list.
    fn next_lesson(&mut self) -> Vec<Effect> {
        let next = self.learning.as_ref().and_then(|learning| super::list::after(&learning.lesson().id));
        match next {
            Some(lesson) => {
                self.loading = Some(lesson.clone());
                vec![Effect::Learn { lesson, mode: None, anew: false }]
            }
            None => {
                self.show_lessons();
                Vec::new()
            }
        }
    }

    /// Leaves the lesson; it can be taken up again.
    pub(in crate::app) fn leave_lesson(&mut self) {
        let unfinished = self.learning.take().filter(|learning| learning.begun && !learning.ended);
        if let Some(learning) = unfinished {
            let id = learning.lesson().id.clone();
            if !self.unfinished.contains(&id) {
                self.unfinished.push(id);
            }
        }
        self.session = None;
        (self.notice, self.prompt) = (None, None);
        self.layers.clear();
        self.show_lessons();
    }
}

impl Learning {
    /// Everything of a step that is told only in guided mode.
    pub fn is_guided(&self) -> bool {
        self.attempt.mode == Mode::Guided
    }

    /// Whether the card shown is the brief.
    pub fn at_brief(&self) -> bool {
        self.page() == Page::Card(&Card::Brief)
    }

    /// The attempt.
    pub fn attempt(&self) -> &Attempt {
        &self.attempt
    }
}
