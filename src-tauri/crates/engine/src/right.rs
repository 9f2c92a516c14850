//! What this identity may do to what runs, asked of the cluster rule by rule.

use crate::Engine;
use crate::error::Result;
use futures::future::try_join_all;
use serde::Serialize;
use slipway_model::cluster::Rule;
use slipway_model::id::GroupId;
use ts_rs::TS;

/// The rule that each of these lacks; `None` where it is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct GroupRights {
    /// Restart and scale.
    pub change: Option<Rule>,
    pub evict: Option<Rule>,
    pub delete: Option<Rule>,
    /// Run a shell.
    pub shell: Option<Rule>,
    pub logs: Option<Rule>,
    /// Connect to a port.
    pub forward: Option<Rule>,
}

impl Engine {
    /// # Errors
    /// What the cluster says of the question.
    pub async fn group_rights(&self, id: &GroupId) -> Result<GroupRights> {
        let link = self.group_entry(id).await?.draft.link;
        let session = self.session(&link.as_str().into())?;
        let lacks = async |api_group: &str, resource: &str, verb: &str| {
            let rule = || Rule {
                api_group: api_group.to_owned(),
                resource: resource.to_owned(),
                verbs: vec![verb.to_owned()],
            };
            Ok::<_, crate::Error>((!session.may(api_group, resource, verb).await?).then(rule))
        };
        let asked = [
            ("apps", "deployments", "patch"),
            ("", "pods/eviction", "create"),
            ("", "pods", "delete"),
            ("", "pods/log", "get"),
            // A shell is begun as a new thing and spoken with over an upgraded GET: both are asked for. So is a port.
            ("", "pods/exec", "create"),
            ("", "pods/exec", "get"),
            ("", "pods/portforward", "create"),
            ("", "pods/portforward", "get"),
        ];
        let answers = asked.map(|(api_group, resource, verb)| lacks(api_group, resource, verb));
        let mut lacking = try_join_all(answers).await?.into_iter();
        let mut first_of = |questions: usize| {
            let asked: Vec<Option<Rule>> = lacking.by_ref().take(questions).collect();
            asked.into_iter().flatten().next()
        };
        Ok(GroupRights {
            change: first_of(1),
            evict: first_of(1),
            delete: first_of(1),
            logs: first_of(1),
            shell: first_of(2),
            forward: first_of(2),
        })
    }
}
