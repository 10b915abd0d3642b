//! `waypost diff --format svg`: what moved on the maps, before and after.

use super::{project, waypost};

const SHOP: &str = r#"channel web "Web" { kind self-service }
persona anna "Anna" {
  goal "Buys once"
  evidence "Ten interviews" { kind interview; people 10; on 2026-10-01 }
}
journey buy "Buying" {
  for anna
  stage look "Look" {
    phase pre-sale
    touchpoint advert "Advert" { channel web; feels +1 "curious" }
    touchpoint form "The form" { channel web; feels -2 "again" }
  }
  stage pay "Pay" {
    phase sale
    touchpoint till "Till" { channel web; feels 0 "fine" }
  }
}
journey keep "Keeping" {
  for anna
  stage use "Use" { phase post-sale; touchpoint box "The box" { channel web; feels +2 "glad" } }
}
"#;

/// Returns the picture of the way from one text to another.
fn picture(before: &str, after: &str) -> String {
    let manifest = "name: shop\nedition: 2026\nspecs: [\"*.journey\"]\nunits: { user: user_id }\n";
    let dir = project(&[
        ("waypost.yaml", manifest),
        ("a.journey", after),
        ("old/waypost.yaml", manifest),
        ("old/a.journey", before),
    ]);
    let output = waypost(&dir).args(["diff", "./old", "--format", "svg"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the texts of a picture, in order.
fn texts(svg: &str) -> Vec<&str> {
    svg.split("<text ").skip(1).map(|t| t.split_once('>').unwrap().1.split_once("</text>").unwrap().0.trim()).collect()
}

#[test]
fn every_move_is_told_and_numbered() {
    let after = SHOP
        .replace("    touchpoint form \"The form\" { channel web; feels -2 \"again\" }\n", "")
        .replace("touchpoint till \"Till\" { channel web; feels 0 \"fine\" }", "touchpoint till \"Till\" { channel web; feels +2 \"quick\" }\n    touchpoint note \"A note\" { channel web; feels +3 \"kind\" }");
    let svg = picture(SHOP, &after);
    let said = texts(&svg);
    for line in ["The form: no longer in Look", "Till: feels 0 → +2", "A note: new in Pay", "× 1", "2", "+ 3"] {
        assert!(said.contains(&line), "{line}: {said:?}");
    }
    assert!(said.contains(&"What moved: Buying") && !svg.contains("Keeping"), "only what moved is drawn: {said:?}");
    // both curves, the old one with the place that went and without the one that came
    let paths: Vec<usize> =
        svg.split("<path d=\"M").skip(1).map(|p| p.split('"').next().unwrap().split('L').count()).collect();
    assert_eq!(paths, [3, 3], "{svg}");
}

#[test]
fn a_stage_changed_and_a_title_changed_are_moves() {
    let after = SHOP.replace("\"Till\"", "\"The till\"");
    assert!(texts(&picture(SHOP, &after)).contains(&"The till: renamed, Till → The till"));
    let swapped = SHOP.replace("    touchpoint form \"The form\" { channel web; feels -2 \"again\" }\n", "").replace(
        "touchpoint till",
        "touchpoint form \"The form\" { channel web; feels -2 \"again\" }\n    touchpoint till",
    );
    assert!(texts(&picture(SHOP, &swapped)).contains(&"The form: moved, Look → Pay"));
}

#[test]
fn where_nothing_moved_the_picture_says_so() {
    let svg = picture(SHOP, &format!("{SHOP}\n# a remark\n"));
    assert_eq!(texts(&svg), ["No map moved."]);
}

#[test]
fn texts_stay_texts() {
    let after = SHOP.replace("\"Till\"", "\"</text><script>alert(1)</script>\"");
    let svg = picture(SHOP, &after);
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;"), "{svg}");
}
