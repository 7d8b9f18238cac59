//! demo
/// Fills.
pub async fn fill(_app: &api::app::App) -> anyhow::Result<()> {
    Ok(())
}
