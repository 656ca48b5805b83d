from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Cast, Concat, Lower

DROPPED = (
    "[\u0300-\u036f'`´‘’‛ʻʼʹˈ′＇\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _searched() -> Lower:
    texts = (Cast(name, models.TextField()) for name in ("reference", "title", "description", "address"))
    parts = [part for text in texts for part in (models.Value(" ", models.TextField()), text)]
    joined = Concat(*parts, output_field=models.TextField())
    plain = models.Func(
        joined, models.Value("´"), models.Value(""), function="replace", output_field=models.TextField()
    )
    apart = models.Func(plain, template="normalize(%(expressions)s, NFKD)", output_field=models.TextField())
    bare = models.Func(
        apart,
        models.Value(DROPPED),
        models.Value(""),
        models.Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    )
    return Lower(bare, output_field=models.TextField())


class Migration(migrations.Migration):
    dependencies = [("issues", "0002_guards")]

    operations = [
        migrations.RemoveIndex("issue", "issue_search_trigram"),
        migrations.RemoveField("issue", "search_text"),
        migrations.AddField(
            "issue",
            "search_text",
            models.GeneratedField(
                expression=_searched(), output_field=models.TextField(), db_persist=True
            ),
        ),
        migrations.AddIndex(
            "issue", GinIndex(OpClass("search_text", "gin_trgm_ops"), name="issue_search_trigram")
        ),
    ]
