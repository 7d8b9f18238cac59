//! Languages whose signs stand for syllables or whole words; some have no spaces between words.

use super::{Order, Tongue};

pub(super) static HINDI: Tongue = Tongue {
    given: "अनन्या/ananya आरव/aarav इशिता/ishita ऋतु/ritu कबीर/kabir चित्रा/chitra तन्मय/tanmay नंदिनी/nandini प्रज्ञा/pragya \
            श्रेया/shreya",
    family: "उपाध्याय/upadhyay कुलकर्णी/kulkarni चतुर्वेदी/chaturvedi त्रिपाठी/tripathi देशपांडे/deshpande पाठक/pathak भट्ट/bhatt \
             मिश्र/mishra राव/rao श्रीवास्तव/shrivastav",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "सुप्रभात!",
        "ठीक है।",
        "आज परीक्षण में {n} सेकंड लगे।",
        "चाय तैयार है, कौन पिएगा?",
        "पहले नाप लेते हैं, फिर बदलेंगे।",
        "मैंने पूरा लेख पढ़ लिया, बहुत स्पष्ट है।",
        "क्या किसी ने हरी फ़ाइल देखी है?",
        "अभी {n} काम बाकी हैं।",
        "मदद के लिए बहुत धन्यवाद।",
        "कल मिलते हैं!",
    ],
};

pub(super) static THAI: Tongue = Tongue {
    given: "กานดา/kanda ขวัญใจ/khwanchai จันทร์เพ็ญ/chanphen ดวงใจ/duangchai น้ำฝน/namfon บุญมี/bunmi ปรีชา/pricha พิมพ์ใจ/phimchai \
            สายชล/saichon อรุณ/arun",
    family: "แก้วใส/kaeosai ใจงาม/chaingam ชื่นบาน/chuenban ดอกไม้/dokmai ทองดี/thongdi ร่มเย็น/romyen วงศ์สว่าง/wongsawang \
             ศรีสุข/sisuk แสงจันทร์/saengchan อยู่เย็น/yuyen",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "สวัสดีตอนเช้าค่ะ",
        "ได้เลย",
        "วันนี้ใช้เวลาแค่{n}วินาที",
        "กินข้าวกลางวันด้วยกันไหม",
        "ขอวัดดูก่อนแล้วค่อยแก้นะคะ",
        "ใครเอากุญแจห้องเล็กไปบ้าง",
        "เหลืออีก{n}ข้อก็เสร็จแล้ว",
        "ฝนตกหนักมาก อย่าลืมร่มนะ",
        "ขอบคุณมากที่ช่วย",
        "เจอกันพรุ่งนี้",
    ],
};

pub(super) static CHINESE: Tongue = Tongue {
    given: "安然/anran 春晓/chunxiao 海棠/haitang 明哲/mingzhe 诗涵/shihan 书瑶/shuyao 思远/siyuan 晓峰/xiaofeng 雨桐/yutong \
            子墨/zimo",
    family: "白/bai 段/duan 谷/gu 江/jiang 林/lin 梅/mei 欧阳/ouyang 司马/sima 温/wen 诸葛/zhuge",
    order: Order::FamilyFirst,
    between_names: "",
    between_sentences: "",
    phrases: &[
        "早上好！",
        "好的。",
        "今天的构建只用了{n}秒。",
        "中午一起吃饺子吗？",
        "先测量，再动手，不要凭感觉改。",
        "我把那篇很长的说明从头到尾读了一遍，终于明白为什么当初要这样设计了。",
        "谁看见我的蓝色杯子了？",
        "还剩{n}个问题，今天能做完。",
        "辛苦了，多谢帮忙！",
        "明天见。",
    ],
};

pub(super) static JAPANESE: Tongue = Tongue {
    given: "あかり/akari 楓/kaede さくら/sakura 翔太/shota 大地/daichi 千尋/chihiro 直樹/naoki ひなた/hinata 美月/mizuki \
            悠/yu",
    family: "青葉/aoba 石橋/ishibashi 海野/unno 風間/kazama 小鳥遊/takanashi 月島/tsukishima 長谷川/hasegawa 星野/hoshino \
             水原/mizuhara 森本/morimoto",
    order: Order::FamilyFirst,
    between_names: " ",
    between_sentences: "",
    phrases: &[
        "おはようございます。",
        "了解です！",
        "今日のビルドは{n}秒でした。",
        "お昼、一緒にいかがですか？",
        "変える前に、まず測りましょう。",
        "長い説明書を最初から最後まで読みましたが、肝心なことだけがどこにも書いてありませんでした。",
        "ｶﾀｶﾅが半角になっていませんか？",
        "あと{n}件で終わります。",
        "助かりました、ありがとうございます。",
        "お疲れさまでした。また明日。",
    ],
};

pub(super) static AMHARIC: Tongue = Tongue {
    given: "ሀና/hana መብራት/mebrat ሙሉጌታ/mulugeta ሰላም/selam ብርሃን/birhan አበበ/abebe ትዕግስት/tigist ወርቅነሽ/werknesh ዘነበ/zenebe \
            ፍቅርተ/fikirte",
    family: "ሀይሉ/hailu መኮንን/mekonnen በቀለ/bekele ተስፋዬ/tesfaye ንጉሴ/niguse አለሙ/alemu ከበደ/kebede ወልዴ/welde ደስታ/desta ገብሬ/gebre",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "እንደምን አደራችሁ!",
        "እሺ።",
        "ዛሬ {n} ሰከንድ ብቻ ወሰደ።",
        "ቡና ተፈልቷል፤ ኑ እንጠጣ።",
        "መጀመሪያ እንለካ፣ ከዚያ እንወስን።",
        "ቁልፉን ማን ወሰደ?",
        "ጽሑፉን በሙሉ አነበብኩት፤ በጣም ግልጽ ነው።",
        "{n} ገጾች ቀርተዋል።",
        "ስለ እርዳታህ በጣም አመሰግናለሁ።",
        "ነገ እንገናኝ!",
    ],
};
